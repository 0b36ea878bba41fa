use strict;
use warnings;
use Digest::SHA qw(hmac_sha256 hmac_sha256_hex);
use MIME::Base64 qw(decode_base64 encode_base64);

# Takes as long whatever differs.
sub equal {
    my ($left, $right) = @_;
    return 0 if length $left != length $right;
    my $difference = 0;
    $difference |= ord(substr $left, $_, 1) ^ ord(substr $right, $_, 1) for 0 .. length($left) - 1;
    return $difference == 0;
}

# X-Audenci-Signature: hex HMAC-SHA256 of the body (bytes), keyed with the secret as shown.
sub verify_audenci {
    my ($secret, $headers, $body) = @_;
    return equal(hmac_sha256_hex($body, $secret), $headers->{'x-audenci-signature'} // '');
}

# webhook-id, webhook-timestamp, webhook-signature: Standard Webhooks, within five minutes.
sub verify_standard {
    my ($secret, $headers, $body, $now) = @_;
    my ($id, $timestamp) = ($headers->{'webhook-id'} // '', $headers->{'webhook-timestamp'} // '');
    return 0 if $id eq '' || $timestamp !~ /\A[0-9]+\z/ || abs(($now // time) - $timestamp) > 300;
    (my $encoded = $secret) =~ s/^whsec_//;
    my $expected = 'v1,' . encode_base64(hmac_sha256("$id.$timestamp.$body", decode_base64($encoded)), '');
    return scalar grep { equal($expected, $_) } split / /, $headers->{'webhook-signature'} // '';
}

1;

#ifndef AUDENCI_IMAGE_CODEC_H
#define AUDENCI_IMAGE_CODEC_H

#include <stddef.h>

// What Swift cannot call of libvips, whose functions take variable arguments. Only for the worker process: what happens
// here happens to hostile bytes. Functions return 0, or -1 with words in audenci_image_error().

enum audenci_image_format { AUDENCI_JPEG = 0, AUDENCI_PNG = 1, AUDENCI_GIF = 2, AUDENCI_WEBP = 3 };

struct audenci_image_facts {
    int width;        // as stored, before the orientation is applied
    int height;       // of one frame
    int frames;
    int orientation;  // EXIF's, 1 to 8
    int has_profile;
};

struct audenci_image_bytes {
    void *data;  // to be freed with audenci_image_free
    size_t size;
};

/// Starts the library: no cache, one thread, and no loaders but those of the four formats.
int audenci_image_start(void);

/// Reads the header only.
int audenci_image_probe(
    const void *data, size_t size, enum audenci_image_format format, struct audenci_image_facts *facts);

/// Decodes every pixel of every frame and keeps none.
int audenci_image_check(const void *data, size_t size, enum audenci_image_format format);

/// The same picture in the same format, upright, in sRGB, without metadata. Not for GIF.
int audenci_image_clean(
    const void *data, size_t size, enum audenci_image_format format, int all_frames, int is_lossless,
    struct audenci_image_bytes *out);

/// The first frame at exactly `width` x `height`, upright, in sRGB, without metadata: scaled to that size, or, when `crop`,
/// scaled to fill it and cut to its middle. Formats without alpha get a white ground.
int audenci_image_render(
    const void *data, size_t size, enum audenci_image_format format, int width, int height, int crop,
    enum audenci_image_format target, struct audenci_image_bytes *out);

/// The first frame's pixels at exactly `width` x `height`: four bytes each (red, green, blue, alpha), row by row.
int audenci_image_pixels(
    const void *data, size_t size, enum audenci_image_format format, int width, int height, struct audenci_image_bytes *out);

void audenci_image_free(void *data);

/// What the library said last, until the next call.
const char *audenci_image_error(void);

#endif

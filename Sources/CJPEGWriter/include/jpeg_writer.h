#ifndef AUDENCI_JPEG_WRITER_H
#define AUDENCI_JPEG_WRITER_H

#include <stddef.h>

/// Compresses rows of 32-bit xRGB pixels (native byte order, as Cairo's RGB24) into a JPEG.
/// Returns bytes to be freed with free(), their number in `size`; NULL when the library failed.
unsigned char *audenci_write_jpeg(const unsigned char *pixels, int width, int height, int stride, int quality, size_t *size);

#endif

#ifndef AUDENCI_VIPS_LIBRARY_H
#define AUDENCI_VIPS_LIBRARY_H

#include <vips/vips.h>
#include <vips/vector.h>

// libvips, loaded when it is first needed and not with the program: it brings some sixty libraries, 15 MB and 16 ms with it,
// and a server that decodes nothing has no business with any of them. The types come from its headers; calls are written
// vips.copy(...) for vips_copy(...).
#define AUDENCI_VIPS_FUNCTIONS(each)                                                                                   \
    each(init) each(block_untrusted_set) each(operation_block_set) each(cache_set_max) each(cache_set_max_mem)         \
    each(cache_set_max_files) each(concurrency_set) each(vector_set_enabled) each(error) each(error_clear)             \
    each(error_buffer) each(jpegload_buffer) each(pngload_buffer) each(gifload_buffer) each(webpload_buffer)           \
    each(jpegsave_buffer) each(pngsave_buffer) each(webpsave_buffer) each(image_new) each(image_get_width)             \
    each(image_get_height) each(image_get_page_height) each(image_get_n_pages) each(image_get_orientation)             \
    each(image_get_typeof) each(image_get_fields) each(image_remove) each(image_hasalpha) each(image_copy_memory)      \
    each(image_write_to_memory) each(object_local_array) each(array_double_newv) each(area_unref) each(copy)           \
    each(colourspace) each(cast_uchar) each(icc_transform) each(autorot) each(avg) each(addalpha) each(flatten)        \
    each(thumbnail_image)

#define AUDENCI_DECLARE(name) __typeof__(&vips_##name) name;
struct audenci_vips { AUDENCI_VIPS_FUNCTIONS(AUDENCI_DECLARE) };
#undef AUDENCI_DECLARE

/// All null until audenci_vips_load() has returned 0.
extern struct audenci_vips vips;

/// 0, or -1 when the library, or one of its functions, is not there; then audenci_vips_missing() says which.
int audenci_vips_load(void);

/// What could not be found, in the system's words.
const char *audenci_vips_missing(void);

#endif

#include "jpeg_writer.h"
#include <setjmp.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <jpeglib.h>

// libjpeg reports errors by a call that must not return; setjmp is its documented way out.
struct error_exit {
    struct jpeg_error_mgr manager;
    jmp_buf out;
};

static void leave(j_common_ptr info) { longjmp(((struct error_exit *)info->err)->out, 1); }
static void stay_silent(j_common_ptr info) { (void)info; }

unsigned char *audenci_write_jpeg(const unsigned char *pixels, int width, int height, int stride, int quality, size_t *size) {
    struct jpeg_compress_struct info;
    struct error_exit error;
    unsigned char *volatile bytes = NULL;
    unsigned long length = 0;
    unsigned char *row = malloc((size_t)width * 3);
    if (row == NULL) return NULL;

    info.err = jpeg_std_error(&error.manager);
    error.manager.error_exit = leave;
    error.manager.output_message = stay_silent;
    if (setjmp(error.out)) {
        jpeg_destroy_compress(&info);
        free(row);
        free(bytes);
        return NULL;
    }
    jpeg_create_compress(&info);
    jpeg_mem_dest(&info, (unsigned char **)&bytes, &length);
    info.image_width = (JDIMENSION)width;
    info.image_height = (JDIMENSION)height;
    info.input_components = 3;
    info.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, quality, TRUE);
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < info.image_height) {
        const uint32_t *source = (const uint32_t *)(pixels + (size_t)info.next_scanline * (size_t)stride);
        for (int x = 0; x < width; x++) {
            row[x * 3] = (unsigned char)(source[x] >> 16);
            row[x * 3 + 1] = (unsigned char)(source[x] >> 8);
            row[x * 3 + 2] = (unsigned char)source[x];
        }
        JSAMPROW rows[1] = {row};
        jpeg_write_scanlines(&info, rows, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    free(row);
    *size = (size_t)length;
    return bytes;
}

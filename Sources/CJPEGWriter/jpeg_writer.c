#include "jpeg_writer.h"
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <jpeglib.h>

// libjpeg reports errors by a call that must not return; setjmp is its documented way out.
struct error_exit {
    struct jpeg_error_mgr manager;
    jmp_buf out;
};

static void leave(j_common_ptr info) { longjmp(((struct error_exit *)info->err)->out, 1); }
static void stay_silent(j_common_ptr info) { (void)info; }

// A growing buffer of our own: after an error, jpeg_mem_dest leaves it open who owns which of its buffers.
struct growing {
    struct jpeg_destination_mgr manager;
    unsigned char *bytes;
    size_t capacity;
    size_t length;
};

static void start(j_compress_ptr info) {
    struct growing *out = (struct growing *)info->dest;
    out->manager.next_output_byte = out->bytes;
    out->manager.free_in_buffer = out->capacity;
}

// Called when the buffer is full, whatever free_in_buffer says then.
static boolean grow(j_compress_ptr info) {
    struct growing *out = (struct growing *)info->dest;
    unsigned char *larger = realloc(out->bytes, out->capacity * 2);
    if (larger == NULL) leave((j_common_ptr)info);
    out->bytes = larger;
    out->manager.next_output_byte = larger + out->capacity;
    out->manager.free_in_buffer = out->capacity;
    out->capacity *= 2;
    return TRUE;
}

static void finish(j_compress_ptr info) {
    struct growing *out = (struct growing *)info->dest;
    out->length = out->capacity - out->manager.free_in_buffer;
}

unsigned char *audenci_write_jpeg(const unsigned char *pixels, int width, int height, int stride, int quality, size_t *size) {
    struct jpeg_compress_struct info;
    struct error_exit error;
    struct growing out;

    if (pixels == NULL || size == NULL || width <= 0 || height <= 0 || width > 65500 || height > 65500) return NULL;
    if (stride / 4 < width) return NULL;
    unsigned char *row = malloc((size_t)width * 3);
    out.capacity = 64 * 1024;
    out.length = 0;
    out.bytes = malloc(out.capacity);
    if (row == NULL || out.bytes == NULL) {
        free(row);
        free(out.bytes);
        return NULL;
    }
    info.err = jpeg_std_error(&error.manager);
    error.manager.error_exit = leave;
    error.manager.output_message = stay_silent;
    if (setjmp(error.out)) {
        jpeg_destroy_compress(&info);
        free(row);
        free(out.bytes);
        return NULL;
    }
    jpeg_create_compress(&info);
    out.manager.init_destination = start;
    out.manager.empty_output_buffer = grow;
    out.manager.term_destination = finish;
    info.dest = &out.manager;
    info.image_width = (JDIMENSION)width;
    info.image_height = (JDIMENSION)height;
    info.input_components = 3;
    info.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, quality, TRUE);
    // Full colour resolution: coloured letters would get soft edges otherwise.
    info.comp_info[0].h_samp_factor = 1;
    info.comp_info[0].v_samp_factor = 1;
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < info.image_height) {
        const uint32_t *source = (const uint32_t *)(const void *)(pixels + (size_t)info.next_scanline * (size_t)stride);
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
    *size = out.length;
    return out.bytes;
}

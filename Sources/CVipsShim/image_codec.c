#include "image_codec.h"
#include "vips_library.h"

int audenci_image_start(void) {
    if (audenci_vips_load()) return -1;
    if (vips.init("image-worker")) return -1;
    vips.block_untrusted_set(TRUE);
    vips.operation_block_set("VipsForeignLoad", TRUE);
    vips.operation_block_set("VipsForeignLoadJpeg", FALSE);
    vips.operation_block_set("VipsForeignLoadPng", FALSE);
    vips.operation_block_set("VipsForeignLoadNsgif", FALSE);
    vips.operation_block_set("VipsForeignLoadWebp", FALSE);
    vips.cache_set_max(0);
    vips.cache_set_max_mem(0);
    vips.cache_set_max_files(0);
    vips.concurrency_set(1);
    // Orc writes machine code at run time, by way of a file.
    vips.vector_set_enabled(FALSE);
    return 0;
}

// The loader is named by the caller: what the library would make of the bytes by itself does not matter.
static int load(
    const void *data, size_t size, enum audenci_image_format format, int frames, int shrink, VipsImage **out) {
    vips.error_clear();
    void *bytes = (void *)data;
    switch (format) {
    case AUDENCI_JPEG:
        return vips.jpegload_buffer(
            bytes, size, out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR, "shrink", shrink, NULL);
    case AUDENCI_PNG:
        return vips.pngload_buffer(
            bytes, size, out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR, NULL);
    case AUDENCI_GIF:
        return vips.gifload_buffer(
            bytes, size, out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR, "n", frames, NULL);
    case AUDENCI_WEBP:
        return vips.webpload_buffer(
            bytes, size, out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR, "n", frames, NULL);
    }
    vips.error("load", "unknown format");
    return -1;
}

// Effort 4 takes a large photo past the worker's processor time, for files a few per cent smaller.
static int webp_effort(VipsImage *in, int is_lossless) {
    int is_large = (gint64)vips.image_get_width(in) * vips.image_get_height(in) > 4000000;
    return is_large ? 0 : is_lossless ? 1 : 4;
}

static int save(VipsImage *in, enum audenci_image_format format, int quality, int is_lossless, struct audenci_image_bytes *out) {
    switch (format) {
    case AUDENCI_JPEG:
        return vips.jpegsave_buffer(in, &out->data, &out->size, "strip", TRUE, "Q", quality, "optimize_coding", TRUE, NULL);
    case AUDENCI_PNG:
        return vips.pngsave_buffer(in, &out->data, &out->size, "strip", TRUE, "compression", 6, NULL);
    case AUDENCI_WEBP:
        return vips.webpsave_buffer(
            in, &out->data, &out->size, "strip", TRUE, "Q", quality, "lossless", is_lossless,
            "effort", webp_effort(in, is_lossless), NULL);
    case AUDENCI_GIF:
        break;
    }
    vips.error("save", "this format is not written");
    return -1;
}

// Eight bits, sRGB or grey, and no profile left. A profile that cannot be used counts as none.
static int to_srgb(VipsImage *in, VipsImage **out) {
    VipsObject *context = (VipsObject *)vips.image_new();
    VipsImage **t = (VipsImage **)vips.object_local_array(context, 4);
    int is_cmyk = in->Type == VIPS_INTERPRETATION_CMYK;
    if (vips.image_get_typeof(in, VIPS_META_ICC_NAME) != 0 || is_cmyk) {
        if (vips.icc_transform(
                in, &t[0], "srgb", "embedded", TRUE, "input_profile", is_cmyk ? "cmyk" : "srgb", "depth", 8, NULL) == 0)
            in = t[0];
        else
            vips.error_clear();
    }
    if (in->Type != VIPS_INTERPRETATION_sRGB && in->Type != VIPS_INTERPRETATION_B_W) {
        VipsInterpretation space = in->Bands < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
        if (vips.colourspace(in, &t[1], space, NULL)) goto failed;
        in = t[1];
    }
    if (in->BandFmt != VIPS_FORMAT_UCHAR) {
        if (vips.cast_uchar(in, &t[2], NULL)) goto failed;
        in = t[2];
    }
    if (vips.copy(in, &t[3], NULL)) goto failed;
    vips.image_remove(t[3], VIPS_META_ICC_NAME);
    *out = t[3];
    g_object_ref(*out);
    g_object_unref(context);
    return 0;
failed:
    g_object_unref(context);
    return -1;
}

static int upright(VipsImage *in, VipsImage **out) {
    if (vips.image_get_orientation(in) <= 1) return vips.copy(in, out, NULL);
    // Turning needs pixels in any order, and the loaders give them from top to bottom.
    VipsImage *memory = vips.image_copy_memory(in);
    if (memory == NULL) return -1;
    int code = vips.autorot(memory, out, NULL);
    g_object_unref(memory);
    return code;
}

// All metadata but what an animation is made of. The option "strip" of the writers is not enough: 8.14 writes the EXIF and
// XMP that came in into a WebP in spite of it.
static int scrub(VipsImage *in, VipsImage **out) {
    static const char *const kept[] = {"vips-sequential", "n-pages", "page-height", "delay", "loop", NULL};
    if (vips.copy(in, out, NULL)) return -1;
    char **fields = vips.image_get_fields(*out);
    for (char **field = fields; *field != NULL; field++)
        if (!g_strv_contains(kept, *field)) vips.image_remove(*out, *field);
    g_strfreev(fields);
    return 0;
}

static int load_normalised(
    const void *data, size_t size, enum audenci_image_format format, int frames, int shrink, VipsImage **out) {
    VipsImage *loaded = NULL, *srgb = NULL, *turned = NULL;
    if (load(data, size, format, frames, shrink, &loaded)) return -1;
    int code = to_srgb(loaded, &srgb);
    g_object_unref(loaded);
    if (code) return -1;
    code = frames == 1 ? upright(srgb, &turned) : vips.copy(srgb, &turned, NULL);
    g_object_unref(srgb);
    if (code) return -1;
    code = scrub(turned, out);
    g_object_unref(turned);
    return code;
}

int audenci_image_probe(
    const void *data, size_t size, enum audenci_image_format format, struct audenci_image_facts *facts) {
    VipsImage *image = NULL;
    if (load(data, size, format, 1, 1, &image)) return -1;
    facts->width = vips.image_get_width(image);
    facts->height = vips.image_get_page_height(image);
    facts->frames = vips.image_get_n_pages(image);
    facts->orientation = vips.image_get_orientation(image);
    facts->has_profile = vips.image_get_typeof(image, VIPS_META_ICC_NAME) != 0;
    g_object_unref(image);
    return 0;
}

int audenci_image_check(const void *data, size_t size, enum audenci_image_format format) {
    VipsImage *image = NULL;
    double average;
    if (load(data, size, format, -1, 1, &image)) return -1;
    int code = vips.avg(image, &average, NULL);
    g_object_unref(image);
    return code;
}

int audenci_image_clean(
    const void *data, size_t size, enum audenci_image_format format, int all_frames, int is_lossless,
    struct audenci_image_bytes *out) {
    VipsImage *image = NULL;
    if (load_normalised(data, size, format, all_frames ? -1 : 1, 1, &image)) return -1;
    int code = save(image, format, 92, is_lossless, out);
    g_object_unref(image);
    return code;
}

// JPEG decodes to a half, a quarter or an eighth at much lower cost; at least half of the reduction is left to the
// better filter.
static int shrink_on_load(
    const void *data, size_t size, enum audenci_image_format format, int width, int height, int *shrink) {
    struct audenci_image_facts facts;
    *shrink = 1;
    if (format != AUDENCI_JPEG) return 0;
    if (audenci_image_probe(data, size, format, &facts)) return -1;
    int lies = facts.orientation >= 5;
    int across = (lies ? facts.height : facts.width) / width;
    int down = (lies ? facts.width : facts.height) / height;
    int factor = across < down ? across : down;
    *shrink = factor >= 16 ? 8 : factor >= 8 ? 4 : factor >= 4 ? 2 : 1;
    return 0;
}

// The first frame, normalised and not much larger than that box.
static int load_for_box(
    const void *data, size_t size, enum audenci_image_format format, int width, int height, VipsImage **out) {
    if (width < 1 || height < 1) {
        vips.error("render", "an empty box");
        return -1;
    }
    int shrink;
    if (shrink_on_load(data, size, format, width, height, &shrink)) return -1;
    return load_normalised(data, size, format, 1, shrink, out);
}

int audenci_image_render(
    const void *data, size_t size, enum audenci_image_format format, int width, int height, int crop,
    enum audenci_image_format target, struct audenci_image_bytes *out) {
    VipsImage *image = NULL;
    if (load_for_box(data, size, format, width, height, &image)) return -1;

    VipsObject *context = (VipsObject *)vips.image_new();
    VipsImage **t = (VipsImage **)vips.object_local_array(context, 3);
    t[0] = image;
    int code = crop
        ? vips.thumbnail_image(
              image, &t[1], width, "height", height, "crop", VIPS_INTERESTING_CENTRE, "no_rotate", TRUE, NULL)
        : vips.thumbnail_image(image, &t[1], width, "height", height, "size", VIPS_SIZE_FORCE, "no_rotate", TRUE, NULL);
    if (code == 0) {
        VipsImage *result = t[1];
        if (target == AUDENCI_JPEG && vips.image_hasalpha(result)) {
            VipsArrayDouble *white = vips.array_double_newv(1, 255.0);
            code = vips.flatten(result, &t[2], "background", white, NULL);
            vips.area_unref((VipsArea *)white);
            result = t[2];
        }
        if (code == 0) code = save(result, target, 85, 0, out);
    }
    g_object_unref(context);
    return code;
}

int audenci_image_pixels(
    const void *data, size_t size, enum audenci_image_format format, int width, int height, struct audenci_image_bytes *out) {
    VipsImage *image = NULL;
    if (load_for_box(data, size, format, width, height, &image)) return -1;

    VipsObject *context = (VipsObject *)vips.image_new();
    VipsImage **t = (VipsImage **)vips.object_local_array(context, 5);
    t[0] = image;
    int code =
        vips.thumbnail_image(image, &t[1], width, "height", height, "size", VIPS_SIZE_FORCE, "no_rotate", TRUE, NULL)
        || vips.colourspace(t[1], &t[2], VIPS_INTERPRETATION_sRGB, NULL)
        || (vips.image_hasalpha(t[2]) ? vips.copy(t[2], &t[3], NULL) : vips.addalpha(t[2], &t[3], NULL))
        || vips.cast_uchar(t[3], &t[4], NULL);
    if (code == 0) {
        out->data = vips.image_write_to_memory(t[4], &out->size);
        code = out->data == NULL;
    }
    g_object_unref(context);
    return code ? -1 : 0;
}

void audenci_image_free(void *data) { g_free(data); }

const char *audenci_image_error(void) {
    return vips.error_buffer == NULL ? audenci_vips_missing() : vips.error_buffer();
}

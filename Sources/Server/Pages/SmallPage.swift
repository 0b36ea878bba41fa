import Contract
import Core

/// The frame of pages for people without an account: one column, no script, nothing from elsewhere.
enum SmallPage {
    static func reply(_ title: String, _ body: String, status: Int = 200) -> Reply {
        let html = """
            <!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content="width=device-width">
            <title>\(title.htmlEscaped)</title>
            <style>body{font:16px/1.5 system-ui,sans-serif;max-width:38rem;margin:3rem auto;padding:0 1rem}
            input,button,textarea{font:inherit;padding:.4rem .6rem;width:100%;box-sizing:border-box}code{word-break:break-all}
            blockquote{margin:1rem 0;padding:.5rem 1rem;border-left:.25rem solid #16324f;white-space:pre-wrap}
            img{max-width:100%}</style>
            \(body)</html>
            """
        return Reply(
            status: status,
            headers: [
                ("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"),
                (
                    "Content-Security-Policy",
                    "default-src 'none'; style-src 'unsafe-inline'; img-src https: 'self'; form-action 'self'; frame-ancestors 'none'"
                ),
            ], body: Array(html.utf8))
    }

    /// What went wrong, for a person.
    static func problem(_ title: String, _ error: APIError) -> Reply {
        reply(title, "<h1>\(title.htmlEscaped)</h1><p role=alert>\(error.message.htmlEscaped)</p>", status: error.code.status)
    }
}

import Publishing

extension World {
    var inboxWorker: InboxWorker {
        InboxWorker(
            inbox: inbox, tokens: tokens,
            sessions: PlatformSessions(client: platformClient, sandbox: sandbox, ambient: ambient), logger: logger)
    }

    var metaRoute: MetaRoute {
        MetaRoute(appSecret: settings.metaAppSecret, verifyToken: settings.metaVerifyToken, inbox: inbox)
    }
}

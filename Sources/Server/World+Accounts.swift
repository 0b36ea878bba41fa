import Core
import Features
import HTTPServer
import Publishing

extension World {
    var connections: ConnectionStore {
        ConnectionStore(
            engine: accounts.engine, ambient: ambient, box: SecretBox(masterKey: store.masterKey), accounts: accounts,
            brands: brands, organizations: organizations, members: members, authorizer: authorizer)
    }

    var connectionsAPI: ConnectionsAPI { ConnectionsAPI(connections: connections, checker: tokens) }

    var connectPage: ConnectPage { ConnectPage(connections: connections, logger: logger) }
}

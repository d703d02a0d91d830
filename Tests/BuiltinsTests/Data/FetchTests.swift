import Builtins
import Diagnostics
import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Answers one request on a port of this machine's own with fixed bytes.
private final class Server: @unchecked Sendable {
    // Handed to its one thread, which alone uses the socket from then on.
    let port: UInt16
    private let socket: Int32
    private let answer: [UInt8]

    init(_ answer: String) {
        self.answer = Array(answer.utf8)
        #if canImport(Darwin)
        socket = Darwin.socket(AF_INET, SOCK_STREAM, 0)
        #else
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (socket, bytes) = (socket, size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                _ = bind(socket, raw, bytes)
                _ = listen(socket, 1)
                _ = getsockname(socket, raw, &size)
            }
        }
        port = UInt16(bigEndian: address.sin_port)
    }

    func start() {
        var thread = pthread_t(bitPattern: 0)
        pthread_create(&thread, nil, { context in
            #if canImport(Darwin)
            let server = Unmanaged<Server>.fromOpaque(context).takeRetainedValue()
            #else
            let server = Unmanaged<Server>.fromOpaque(context!).takeRetainedValue()
            #endif
            let client = accept(server.socket, nil, nil)
            var request = [UInt8](repeating: 0, count: 4096)
            _ = read(client, &request, request.count)
            _ = write(client, server.answer, server.answer.count)
            close(client)
            close(server.socket)
            return nil
        }, Unmanaged.passRetained(self).toOpaque())
    }

    /// What a fetch of this server gives: the text, or the error.
    func fetch(limit: Int = 1000, stop: Bool = false) -> String {
        start()
        do throws(Failure) {
            let bytes = try Fetch.bytes(of: "http://127.0.0.1:\(port)/file", limit: limit) { _, _ in !stop }
            return String(decoding: bytes, as: UTF8.self)
        } catch {
            return "\(error.kind.rawValue): \(error.message)"
        }
    }
}

@Test func aFileIsFetched() {
    #expect(Server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello").fetch() == "hello")
    #expect(Server("HTTP/1.1 200 OK\r\n\r\nuntil the end").fetch() == "until the end")
}

@Test func whatTheServerRefusesOrCutsOffIsAnError() {
    #expect(Server("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno").fetch().hasPrefix("file: The requested URL returned error: 404"))
    #expect(Server("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello").fetch().hasPrefix("file: "))
    #expect(Server("").fetch().hasPrefix("file: "))
    #expect(Server("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n").fetch().hasPrefix("file: "))
}

@Test func whatIsLargerThanExpectedIsNotTaken() {
    #expect(Server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello").fetch(limit: 4).hasPrefix("file: "))
    #expect(Server("HTTP/1.1 200 OK\r\n\r\nhello").fetch(limit: 4) == "file: it is larger than 4 bytes")
}

@Test func aFetchCanBeStopped() {
    #expect(Server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello").fetch(stop: true) == "interrupt: the fetch was stopped")
}

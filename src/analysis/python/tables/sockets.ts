/** Owns what `socket`, `select` and `selectors` declare: waits for the outside world, and what is built on them. See library.ts for the language. */

export const sockets = String.raw`
class socket.socket(family, type, proto, fileno)
  accept() !io -> (socket.socket, plain)
  connect(address) !io for address
  recv(bufsize, flags) !io
  recv_into(buffer, nbytes, flags) !io
  recvfrom(bufsize, flags) !io
  recvmsg(bufsize) !io
  send(data, flags) !io
  sendall(data, flags) !io
  sendto(data, address) !io
  makefile(mode, buffering) -> socket.SocketFile
  enter -> self
class socket.SocketFile()
  read(size) !io -> plain
  readline(size) !io -> plain
  readlines(hint) !io -> plain
  next !io -> plain
  enter -> self
same socket.SocketType = socket.socket
def socket.create_connection(address, timeout) !io -> socket.socket for address
def socket.getaddrinfo(host, port, family, type, proto, flags) !io for host
def socket.create_server(address) -> socket.socket
def socket.socketpair(family) -> (socket.socket, socket.socket)
def select.select(rlist, wlist, xlist, timeout) !io unless timeout=0
class select.epoll()
  poll(timeout, maxevents) !io unless timeout=0
class select.poll()
  poll(timeout) !io unless timeout=0
class selectors.BaseSelector()
  select(timeout) !io unless timeout=0
  enter -> self
class socketserver.BaseServer(server_address, RequestHandlerClass)
  serve_forever(poll_interval) !io
  handle_request() !io
  shutdown() !event
  enter -> self
  attr socket -> socket.socket
class socketserver.BaseRequestHandler(request, client_address, server)
  attr request -> socket.socket
  attr server -> socketserver.BaseServer
class socketserver.StreamRequestHandler < socketserver.BaseRequestHandler ()
  attr connection -> socket.socket
  attr rfile -> socket.SocketFile
  attr wfile -> socketserver.SocketWriter
class socketserver.SocketWriter()
  write(data) !io
class socketserver.DatagramRequestHandler < socketserver.BaseRequestHandler ()
same socketserver.TCPServer = socketserver.BaseServer
same socketserver.UDPServer = socketserver.BaseServer
same socketserver.ThreadingTCPServer = socketserver.BaseServer
same socketserver.ThreadingUDPServer = socketserver.BaseServer
same http.server.HTTPServer = socketserver.BaseServer
same http.server.ThreadingHTTPServer = socketserver.BaseServer
same http.server.BaseHTTPRequestHandler = socketserver.StreamRequestHandler
same http.server.SimpleHTTPRequestHandler = socketserver.StreamRequestHandler
class http.client.HTTPResponse()
  read(amt) !io -> plain
  readline(limit) !io -> plain
  next !io -> plain
  enter -> self
class http.client.HTTPConnection(host, port, timeout)
  connect() !io
  request(method, url, body, headers) !io
  getresponse() !io -> http.client.HTTPResponse
same http.client.HTTPSConnection = http.client.HTTPConnection
def urllib.request.urlopen(url, data, timeout) !io -> http.client.HTTPResponse for url
def urllib.request.urlretrieve(url, filename) !io for url
class sched.scheduler(timefunc, delayfunc)
  run(blocking) !sleep unless blocking=False
class logging.handlers.QueueListener(queue, *handlers)
  stop() !join
same selectors.DefaultSelector = selectors.BaseSelector
same selectors.SelectSelector = selectors.BaseSelector
same selectors.PollSelector = selectors.BaseSelector
same selectors.EpollSelector = selectors.BaseSelector
`;

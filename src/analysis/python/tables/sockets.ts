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
  enter -> self
same socket.SocketType = socket.socket
def socket.create_connection(address, timeout) !io -> socket.socket for address
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
  attr rfile -> subprocess.Pipe
class socketserver.DatagramRequestHandler < socketserver.BaseRequestHandler ()
same socketserver.TCPServer = socketserver.BaseServer
same socketserver.UDPServer = socketserver.BaseServer
same socketserver.ThreadingTCPServer = socketserver.BaseServer
same socketserver.ThreadingUDPServer = socketserver.BaseServer
same http.server.HTTPServer = socketserver.BaseServer
same http.server.ThreadingHTTPServer = socketserver.BaseServer
class sched.scheduler(timefunc, delayfunc)
  run(blocking) !sleep unless blocking=False
class logging.handlers.QueueListener(queue, *handlers)
  stop() !join
same selectors.DefaultSelector = selectors.BaseSelector
same selectors.SelectSelector = selectors.BaseSelector
same selectors.PollSelector = selectors.BaseSelector
same selectors.EpollSelector = selectors.BaseSelector
`;

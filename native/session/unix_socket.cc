#include "session/unix_socket.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace distarray::unix_socket {
namespace {

// No system transfers more at once.
constexpr size_t kMostBytes = size_t{1} << 30;
// Connections that may wait to be accepted.
constexpr int kBacklog = 16;

#ifdef MSG_NOSIGNAL
constexpr int kSendFlags = MSG_NOSIGNAL;
#else
constexpr int kSendFlags = 0;
#endif

// Gives a new descriptor what ours have; passes errors on.
int prepared(int descriptor) {
  if (descriptor < 0) return -errno;
  // Child processes must not hold the connection open.
  fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
#ifdef SO_NOSIGPIPE
  const int on = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
  return descriptor;
}

bool addressOf(const std::string& path, sockaddr_un& address) {
  address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return true;
}

// Closes a descriptor after an error, which it returns.
int failed(int descriptor) {
  const int error = errno;
  close(descriptor);
  return -error;
}

}  // namespace

int listenAt(const std::string& path) {
  sockaddr_un address;
  if (!addressOf(path, address)) return -ENAMETOOLONG;
  const int descriptor = prepared(socket(AF_UNIX, SOCK_STREAM, 0));
  if (descriptor < 0) return descriptor;
  const auto* name = reinterpret_cast<const sockaddr*>(&address);
  if (bind(descriptor, name, sizeof address) != 0) return failed(descriptor);
  if (chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0) return failed(descriptor);
  if (listen(descriptor, kBacklog) != 0) return failed(descriptor);
  return descriptor;
}

int acceptOne(int listening) { return prepared(accept(listening, nullptr, nullptr)); }

int connectTo(const std::string& path) {
  sockaddr_un address;
  if (!addressOf(path, address)) return -ENAMETOOLONG;
  const int descriptor = prepared(socket(AF_UNIX, SOCK_STREAM, 0));
  if (descriptor < 0) return descriptor;
  const auto* name = reinterpret_cast<const sockaddr*>(&address);
  if (connect(descriptor, name, sizeof address) != 0) return failed(descriptor);
  return descriptor;
}

int peerOf(int connection, Peer& peer) {
#ifdef SO_PEERCRED
  ucred credentials = {};
  socklen_t size = sizeof credentials;
  if (getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return -errno;
  peer = {credentials.pid, static_cast<long>(credentials.uid)};
#else
  uid_t user = 0;
  gid_t group = 0;
  if (getpeereid(connection, &user, &group) != 0) return -errno;
  pid_t pid = 0;
  socklen_t size = sizeof pid;
  if (getsockopt(connection, SOL_LOCAL, LOCAL_PEERPID, &pid, &size) != 0) return -errno;
  peer = {pid, static_cast<long>(user)};
#endif
  return 0;
}

long readSome(int connection, void* memory, size_t bytes) {
  for (;;) {
    const ssize_t count = recv(connection, memory, std::min(bytes, kMostBytes), 0);
    if (count >= 0) return count;
    // A process that was killed with bytes unread.
    if (errno == ECONNRESET) return 0;
    if (errno != EINTR) return errno == EWOULDBLOCK ? -EAGAIN : -errno;
  }
}

long writeSome(int connection, const void* memory, size_t bytes) {
  for (;;) {
    const ssize_t count = send(connection, memory, std::min(bytes, kMostBytes), kSendFlags);
    if (count >= 0) return count;
    if (errno == ECONNRESET) return -EPIPE;
    if (errno != EINTR) return errno == EWOULDBLOCK ? -EAGAIN : -errno;
  }
}

int waitFor(int descriptor, bool writable, int milliseconds) {
  pollfd wanted = {descriptor, static_cast<short>(writable ? POLLOUT : POLLIN), 0};
  const int count = poll(&wanted, 1, milliseconds);
  // An interrupt ends the wait, so that the program can look at it.
  if (count < 0) return errno == EINTR ? 0 : -errno;
  return count;
}

int closeSocket(int descriptor) { return close(descriptor) == 0 ? 0 : -errno; }

}  // namespace distarray::unix_socket

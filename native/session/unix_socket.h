// Unix sockets that JavaScript uses synchronously: between a client that is no process of an MPI job and the process of
// the job that speaks for it. Node's own sockets need turns of the event loop, which a program that waits does not take.
#pragma once

#include <cstddef>
#include <string>

namespace distarray::unix_socket {

// All functions return -errno where something is wrong. Sockets do not block: -EAGAIN says that there is nothing now.

// Who is at the other end.
struct Peer {
  long pid;
  long uid;
};

// Returns a socket that listens at a path that must not exist yet; only this user may connect.
int listenAt(const std::string& path);

// Returns a connection that waits to be accepted.
int acceptOne(int listening);

// Returns a connection.
int connectTo(const std::string& path);

int peerOf(int connection, Peer& peer);

// Returns how many bytes were read; 0 when the other end is closed.
long readSome(int connection, void* memory, size_t bytes);

// Returns how many bytes were written. A closed other end is -EPIPE, never a signal.
long writeSome(int connection, const void* memory, size_t bytes);

// Waits until something can be read (or written); returns 1, or 0 when the time is over.
int waitFor(int descriptor, bool writable, int milliseconds);

int closeSocket(int descriptor);

}  // namespace distarray::unix_socket

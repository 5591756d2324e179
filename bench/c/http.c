/*
 * A plain epoll client: HTTP requests on new connections, with fixed concurrency and duration.
 * usage: http IP PORT CONNECTIONS SECONDS; prints requests, failures and seconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char request[128];
static size_t request_length;
static struct sockaddr_in server;
static int queue;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static int begin(void) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  if (connect(fd, (struct sockaddr *)&server, sizeof server) < 0 && errno != EINPROGRESS) {
    close(fd);
    return -1;
  }
  struct epoll_event event = {.events = EPOLLOUT, .data.u32 = fd};
  epoll_ctl(queue, EPOLL_CTL_ADD, fd, &event);
  return fd;
}

int main(int count, char **words) {
  if (count != 5) return 64;
  server.sin_family = AF_INET;
  server.sin_port = htons(atoi(words[2]));
  inet_pton(AF_INET, words[1], &server.sin_addr);
  int connections = atoi(words[3]);
  double seconds = atof(words[4]);
  request_length = snprintf(request, sizeof request, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", words[1]);
  queue = epoll_create1(EPOLL_CLOEXEC);
  double start = now();
  long done = 0, failed = 0;
  int open = 0;
  for (int i = 0; i < connections; i++) {
    if (begin() >= 0) open++;
    else failed++;
  }
  struct epoll_event events[256];
  static char answer[65536];
  while (open > 0) {
    int n = epoll_wait(queue, events, 256, 1000);
    if (n == 0) break;
    int again = now() - start < seconds;
    for (int i = 0; i < n; i++) {
      int fd = events[i].data.u32;
      int over = 0;
      if (events[i].events & EPOLLOUT) {
        if (send(fd, request, request_length, MSG_NOSIGNAL) == (ssize_t)request_length) {
          struct epoll_event event = {.events = EPOLLIN, .data.u32 = fd};
          epoll_ctl(queue, EPOLL_CTL_MOD, fd, &event);
        } else {
          failed++;
          over = 1;
        }
      } else {
        ssize_t got;
        int answered = 0;
        while ((got = recv(fd, answer, sizeof answer, 0)) > 0) answered = 1;
        if (got == 0 || errno != EAGAIN) {
          over = 1;
          if (got == 0) done++;
          else failed++;
        } else if (!answered) continue;
      }
      if (over) {
        close(fd);
        open--;
        if (again) {
          if (begin() >= 0) open++;
          else failed++;
        }
      }
    }
  }
  printf("{\"ok\":%ld,\"failed\":%ld,\"seconds\":%.6f}\n", done, failed + open, now() - start);
  return 0;
}

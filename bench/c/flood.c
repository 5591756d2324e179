/*
 * A plain sendmmsg loop of raw packets: new flows, one after the other, from many addresses and ports.
 * usage: flood tcp|udp CLIENT_NS SERVER_NS SOURCE SOURCES DESTINATION PORT BACKEND BACKEND_PORT FROM COUNT
 * `tcp` sends SYN, SYN-ACK and ACK of each flow, `udp` a datagram. Prints the flows and seconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 512, FIRST_PORT = 1024, PORTS = 65536 - FIRST_PORT };

struct packet {
  struct iphdr ip;
  union {
    struct tcphdr tcp;
    struct udphdr udp;
  };
} __attribute__((packed));

struct batch {
  struct packet packets[BATCH];
  struct sockaddr_in to[BATCH];
  struct iovec vectors[BATCH];
  struct mmsghdr messages[BATCH];
};

/* Packets are read as words here, and written as headers elsewhere. */
typedef uint16_t __attribute__((may_alias)) word;

static uint32_t sum16(const void *data, int length) {
  const word *words = data;
  uint32_t sum = 0;
  for (; length > 1; length -= 2) sum += *words++;
  return sum;
}

static uint16_t transport_checksum(struct packet *packet, int length) {
  struct {
    uint32_t from, to;
    uint8_t zero, protocol;
    uint16_t length;
  } pseudo = {packet->ip.saddr, packet->ip.daddr, 0, packet->ip.protocol, htons(length)};
  uint32_t sum = sum16(&pseudo, sizeof pseudo) + sum16(&packet->tcp, length);
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum;
}

static void fill(struct batch *batch, int slot, int protocol, uint32_t from, int from_port, uint32_t to, int to_port,
                 int syn, int ack) {
  struct packet *packet = &batch->packets[slot];
  int length = protocol == IPPROTO_TCP ? sizeof packet->tcp : sizeof packet->udp;
  memset(packet, 0, sizeof *packet);
  packet->ip = (struct iphdr){.ihl = 5, .version = 4, .ttl = 64, .protocol = protocol,
                              .tot_len = htons(sizeof packet->ip + length), .saddr = from, .daddr = to};
  if (protocol == IPPROTO_TCP) {
    packet->tcp.source = htons(from_port);
    packet->tcp.dest = htons(to_port);
    packet->tcp.seq = htonl(syn ? 1 : 2);
    packet->tcp.ack_seq = htonl(ack ? 2 : 0);
    packet->tcp.doff = 5;
    packet->tcp.syn = syn;
    packet->tcp.ack = ack;
    packet->tcp.window = htons(65535);
    packet->tcp.check = transport_checksum(packet, length);
  } else {
    packet->udp.source = htons(from_port);
    packet->udp.dest = htons(to_port);
    packet->udp.len = htons(length);
    packet->udp.check = transport_checksum(packet, length);
  }
  batch->to[slot] = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = to};
  batch->vectors[slot] = (struct iovec){packet, sizeof packet->ip + length};
  batch->messages[slot].msg_hdr = (struct msghdr){.msg_name = &batch->to[slot], .msg_namelen = sizeof batch->to[slot],
                                                  .msg_iov = &batch->vectors[slot], .msg_iovlen = 1};
}

static void send_all(int fd, struct batch *batch, int count) {
  for (int sent = 0; sent < count;) {
    int n = sendmmsg(fd, batch->messages + sent, count - sent, 0);
    if (n < 0) {
      perror("sendmmsg");
      exit(1);
    }
    sent += n;
  }
}

static int raw_in(const char *path) {
  int namespace = open(path, O_RDONLY);
  if (namespace < 0 || setns(namespace, CLONE_NEWNET) < 0) {
    perror(path);
    exit(1);
  }
  close(namespace);
  int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
  if (fd < 0) {
    perror("socket");
    exit(1);
  }
  return fd;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int count, char **words) {
  if (count != 12) return 64;
  int tcp = strcmp(words[1], "tcp") == 0;
  int client = raw_in(words[2]), server = raw_in(words[3]);
  uint32_t first = ntohl(inet_addr(words[4])), to = inet_addr(words[6]), backend = inet_addr(words[8]);
  long sources = atol(words[5]), from = atol(words[10]), flows = atol(words[11]);
  int port = atoi(words[7]), backend_port = atoi(words[9]);
  /* Packets sent from one CPU are received on it, in sending order, whatever their namespaces. */
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  CPU_SET(sched_getcpu(), &cpus);
  sched_setaffinity(0, sizeof cpus, &cpus);
  static struct batch one, two, three;
  double start = now();
  for (long sent = 0; sent < flows;) {
    int n = flows - sent < BATCH ? flows - sent : BATCH;
    for (int i = 0; i < n; i++) {
      long flow = from + sent + i;
      uint32_t source = htonl(first + flow % sources);
      int source_port = FIRST_PORT + flow / sources % PORTS;
      fill(&one, i, tcp ? IPPROTO_TCP : IPPROTO_UDP, source, source_port, to, port, 1, 0);
      if (!tcp) continue;
      fill(&two, i, IPPROTO_TCP, backend, backend_port, source, source_port, 1, 1);
      fill(&three, i, IPPROTO_TCP, source, source_port, to, port, 0, 1);
    }
    send_all(client, &one, n);
    if (tcp) {
      send_all(server, &two, n);
      send_all(client, &three, n);
    }
    sent += n;
  }
  printf("{\"sent\":%ld,\"seconds\":%.6f}\n", flows, now() - start);
  return 0;
}

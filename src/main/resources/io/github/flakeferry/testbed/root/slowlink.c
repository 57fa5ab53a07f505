/*
 * slowlink: a slow point-to-point link between this network namespace and another one, for kernels
 * without netem.
 *
 *   slowlink DEVICE_HERE NETNS DEVICE_THERE DELAY_MS RATE_MBIT
 *
 * NETNS is a file such as /run/netns/NAME. DELAY_MS is one way, a RATE_MBIT of 0 is no limit. Says
 * "up" once both devices are there; they go when it ends. Packets beyond the queue are dropped, as a
 * router drops them.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { QUEUE = 4096, MTU_MAX = 65536 };

struct packet { size_t length; long long due_us; unsigned char *bytes; };
struct direction {
    int in, out;
    struct packet queue[QUEUE];
    unsigned head, tail;
    pthread_mutex_t lock;
    pthread_cond_t filled;
    long long line_free_us;
};

static long long delay_us;
static double bytes_per_us; /* 0: no limit */
static struct direction ways[2];

static long long now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void enter(const char *netns) {
    int file = open(netns, O_RDONLY | O_CLOEXEC);
    if (file < 0 || setns(file, CLONE_NEWNET)) fail(netns);
    close(file);
}

/* A TUN device belongs to the namespace that its maker is in. */
static int open_tun(const char *name) {
    struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
    snprintf(request.ifr_name, IFNAMSIZ, "%s", name);
    int tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    if (tun < 0 || ioctl(tun, TUNSETIFF, &request)) fail("/dev/net/tun");
    return tun;
}

__attribute__((noreturn)) static void *receive(void *argument) {
    struct direction *way = argument;
    static __thread unsigned char buffer[MTU_MAX];
    for (;;) {
        ssize_t n = read(way->in, buffer, sizeof buffer);
        if (n <= 0) { usleep(1000); continue; }
        pthread_mutex_lock(&way->lock);
        if (way->tail - way->head < QUEUE) {
            long long at = now_us();
            if (bytes_per_us > 0) {
                if (way->line_free_us < at) way->line_free_us = at;
                way->line_free_us += (long long)(n / bytes_per_us);
                at = way->line_free_us;
            }
            struct packet *p = &way->queue[way->tail++ % QUEUE];
            p->bytes = malloc((size_t)n);
            memcpy(p->bytes, buffer, (size_t)n);
            p->length = (size_t)n;
            p->due_us = at + delay_us;
            pthread_cond_signal(&way->filled);
        }
        pthread_mutex_unlock(&way->lock);
    }
}

__attribute__((noreturn)) static void *transmit(void *argument) {
    struct direction *way = argument;
    for (;;) {
        pthread_mutex_lock(&way->lock);
        while (way->head == way->tail) pthread_cond_wait(&way->filled, &way->lock);
        struct packet p = way->queue[way->head % QUEUE];
        pthread_mutex_unlock(&way->lock);
        long long wait = p.due_us - now_us();
        if (wait > 0) usleep((useconds_t)wait);
        if (write(way->out, p.bytes, p.length) < 0) { /* the link is down: the packet is lost */ }
        free(p.bytes);
        pthread_mutex_lock(&way->lock);
        way->head++;
        pthread_mutex_unlock(&way->lock);
    }
}

int main(int argc, char **argv) {
    if (argc != 6) {
        fprintf(stderr, "usage: %s DEVICE_HERE NETNS DEVICE_THERE DELAY_MS RATE_MBIT\n", argv[0]);
        return 2;
    }
    delay_us = (long long)(atof(argv[4]) * 1000);
    bytes_per_us = atof(argv[5]) / 8;
    int here = open_tun(argv[1]);
    enter(argv[2]);
    int there = open_tun(argv[3]);
    for (int i = 0; i < 2; i++) {
        struct direction *way = &ways[i];
        way->in = i ? there : here;
        way->out = i ? here : there;
        pthread_mutex_init(&way->lock, NULL);
        pthread_cond_init(&way->filled, NULL);
        pthread_t thread;
        if (pthread_create(&thread, NULL, receive, way) || pthread_create(&thread, NULL, transmit, way))
            fail("thread");
    }
    puts("up");
    fflush(stdout);
    for (;;) pause();
}

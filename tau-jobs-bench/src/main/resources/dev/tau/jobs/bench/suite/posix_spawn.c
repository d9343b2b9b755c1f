/* Starts /bin/true with posix_spawn, its outputs in two new files, on as many threads as told: the least that a program
 * does which starts processes. Usage: posix_spawn DIRECTORY WARM-UP JOBS THREADS */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static const char *directory;
static atomic_int next;
static int last;

static void *work(void *unused) {
    char *argv[] = {"/bin/true", NULL};
    for (int job; (job = atomic_fetch_add(&next, 1)) < last;) {
        char out[4096], err[4096];
        snprintf(out, sizeof out, "%s/%d.stdout.log", directory, job);
        snprintf(err, sizeof err, "%s/%d.stderr.log", directory, job);
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&files, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        posix_spawn_file_actions_addopen(&files, 2, err, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        pid_t pid;
        int status;
        if (posix_spawn(&pid, argv[0], &files, NULL, argv, environ) != 0 || waitpid(pid, &status, 0) != pid || status != 0) {
            fprintf(stderr, "job %d failed\n", job);
            exit(1);
        }
        posix_spawn_file_actions_destroy(&files);
    }
    return unused;
}

static void run(int jobs, int threads) {
    pthread_t ids[64];
    last += jobs;
    atomic_store(&next, last - jobs);
    for (int i = 0; i < threads; i++) {
        if (pthread_create(&ids[i], NULL, work, NULL) != 0) {
            fprintf(stderr, "no thread\n");
            exit(1);
        }
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(ids[i], NULL);
    }
}

static double cpu_ms(void) {
    double ms = 0;
    int who[] = {RUSAGE_SELF, RUSAGE_CHILDREN};
    for (int i = 0; i < 2; i++) {
        struct rusage use;
        getrusage(who[i], &use);
        ms += (use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1e3 + (use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e3;
    }
    return ms;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    if (argc != 5 || atoi(argv[4]) < 1 || atoi(argv[4]) > 64) {
        fprintf(stderr, "usage: posix_spawn DIRECTORY WARM-UP JOBS THREADS\n");
        return 2;
    }
    directory = argv[1];
    int jobs = atoi(argv[3]), threads = atoi(argv[4]);
    run(atoi(argv[2]), threads);
    double cpu = cpu_ms(), start = seconds();
    run(jobs, threads);
    double took = seconds() - start;
    printf("value %.3f\ncpu_ms %.6f\n", jobs / took, (cpu_ms() - cpu) / jobs);
    return 0;
}

#include <stdio.h>

static const char message[] = "@message@";

/* Says its message, and writes it to the file that it is given, if any. */
int main(int argc, char **argv) {
    puts(message);
    if (argc > 1) {
        FILE *file = fopen(argv[1], "w");
        if (file == NULL || fprintf(file, "%s\n", message) < 0 || fclose(file) != 0) {
            perror(argv[1]);
            return 1;
        }
    }
    return @result@;
}

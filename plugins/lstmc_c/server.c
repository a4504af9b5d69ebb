/* The server around a snippet; compiler/lstmc/export/runtime.py says what it reads and writes. The snippet's header
 * does the work; its main stays asleep.
 *
 *     -DLstmcName=reber -DLstmcCapitals=REBER -DLstmcReal=float   and -DLstmcOutputs=1 for a transducer
 */
#define main snippet_main
#include "snippet.c"
#undef main

#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#define PASTE(a, b) a##_##b
#define JOIN(a, b) PASTE(a, b)
#define OF(name) JOIN(LstmcName, name)
#define COUNT(what) ((size_t)JOIN(LstmcCapitals, what))

typedef OF(state) state_of_string;

static void *memory(size_t count, size_t size)
{
    void *found = calloc(count ? count : 1, size);
    if (!found) {
        fputs("no memory is left\n", stderr);
        exit(1);
    }
    return found;
}

static void answer(const double *numbers, size_t count)
{
    fwrite(numbers, sizeof *numbers, count, stdout);
}

static void read_string(state_of_string *state, const int32_t *tokens, size_t time, double *logits, double *outputs)
{
    LstmcReal said[COUNT(SYMBOLS) + 1];
    size_t t, n;
    for (t = 0; t < time; t++) {
        OF(step)(state, tokens[t]);
        OF(read)(state, said);
        for (n = 0; n <= COUNT(SYMBOLS); n++)
            *logits++ = said[n];
#ifdef LstmcOutputs
        {
            LstmcReal output[COUNT(OUTPUTS)];
            OF(outputs)(state, output);
            for (n = 0; n < COUNT(OUTPUTS); n++)
                *outputs++ = output[n];
        }
#else
        (void)outputs;
#endif
    }
}

/* h of all strings, then c of all: the parts of a state follow each other, and are of one type. */
static void answer_states(const state_of_string *states, size_t batch)
{
    size_t part, b, cell;
    for (part = 0; part < sizeof *states / sizeof(LstmcReal) / COUNT(CELLS); part++)
        for (b = 0; b < batch; b++)
            for (cell = 0; cell < COUNT(CELLS); cell++) {
                double value = ((const LstmcReal *)&states[b])[part * COUNT(CELLS) + cell];
                answer(&value, 1);
            }
}

int main(void)
{
    int32_t head[3]; /* B, T, goes on */
    state_of_string *states = NULL;
    fputs("READY\n", stdout);
    fflush(stdout);
    while (fread(head, sizeof *head, 3, stdin) == 3) {
        size_t batch = (size_t)head[0], time = (size_t)head[1], b;
        size_t width = time * (COUNT(SYMBOLS) + 1), out = time * COUNT(OUTPUTS);
        int32_t *tokens = memory(batch * time, sizeof *tokens);
        double *logits = memory(batch * width, sizeof *logits), *outputs = memory(batch * out, sizeof *outputs), seconds;
        clock_t began;
        if (fread(tokens, sizeof *tokens, batch * time, stdin) != batch * time)
            return 1;
        began = clock();
        if (!head[2]) {
            free(states);
            states = memory(batch, sizeof *states);
            for (b = 0; b < batch; b++)
                OF(start)(&states[b]);
        }
        for (b = 0; b < batch; b++)
            read_string(&states[b], tokens + b * time, time, logits + b * width, outputs + b * out);
        seconds = (double)(clock() - began) / CLOCKS_PER_SEC;
        answer(logits, batch * width);
        answer(outputs, batch * out);
        answer_states(states, batch);
        answer(&seconds, 1);
        fflush(stdout);
        free(tokens);
        free(logits);
        free(outputs);
    }
    return 0;
}

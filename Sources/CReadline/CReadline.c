#include "include/CReadline.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "Signals.h"

struct crl_candidates {
    size_t from;
    char **items;    // items[0] is what all share, then the candidates, then NULL
    size_t count;    // without the NULL
    size_t capacity;
    int failed;
};

static struct {
    int initialized;
    crl_complete complete;
    void *context;
    size_t shown_from;  // how many bytes of each match the listing leaves out
} state;

static int fail(char *message, size_t size, const char *what, int error) {
    if (message && size) {
        if (error) snprintf(message, size, "%s: %s", what, strerror(error));
        else snprintf(message, size, "%s", what);
    }
    return CRL_FAILED;
}

// Candidates

static int push(crl_candidates *into, char *text) {
    if (!text) { into->failed = 1; return CRL_FAILED; }
    if (into->count + 1 >= into->capacity) {
        size_t capacity = into->capacity ? into->capacity * 2 : 16;
        char **items = realloc(into->items, capacity * sizeof *items);
        if (!items) { free(text); into->failed = 1; return CRL_FAILED; }
        into->items = items;
        into->capacity = capacity;
    }
    into->items[into->count++] = text;
    into->items[into->count] = NULL;
    return CRL_OK;
}

// readline replaces the word at the cursor; with no word breaks that word is the whole line up to the cursor.
static char *with_start_of_line(size_t from, const char *text) {
    size_t length = strlen(text);
    char *whole = malloc(from + length + 1);
    if (!whole) return NULL;
    memcpy(whole, rl_line_buffer, from);
    memcpy(whole + from, text, length + 1);
    return whole;
}

int crl_begin_candidates(crl_candidates *into, size_t from, const char *common) {
    if (into->count || from > (size_t)rl_point) { into->failed = 1; return CRL_FAILED; }
    into->from = from;
    return push(into, with_start_of_line(from, common));
}

int crl_add_candidate(crl_candidates *into, const char *text) {
    if (!into->count) { into->failed = 1; return CRL_FAILED; }
    return push(into, with_start_of_line(into->from, text));
}

static char **attempt_completion(const char *text, int start, int end) {
    (void)text; (void)start; (void)end;
    rl_attempted_completion_over = 1;
    rl_completion_append_character = '\0';
    rl_completion_suppress_append = 1;
    rl_sort_completion_matches = 0;
    rl_filename_completion_desired = 0;
    if (!state.complete) return NULL;

    crl_candidates found = {0};
    state.complete(state.context, rl_line_buffer, (size_t)rl_point, &found);
    if (found.failed || found.count < 2) {
        for (size_t i = 0; i < found.count; i++) free(found.items[i]);
        free(found.items);
        return NULL;
    }
    if (found.count == 2) {
        // readline wants a lone match in the first place, with nothing after it.
        free(found.items[1]);
        found.items[1] = NULL;
    }
    state.shown_from = found.from;
    return found.items;
}

// Lists what fits on the screen; a longer list ends by saying how many more there are.
static void list_matches(char **matches, int count, int longest) {
    (void)longest;
    char **listed = malloc(((size_t)count + 2) * sizeof *listed);
    if (!listed) return;
    int widest = 0, rows = 0, columns = 0;
    for (int i = 0; i <= count; i++) {
        size_t length = strlen(matches[i]), skip = state.shown_from < length ? state.shown_from : length;
        listed[i] = matches[i] + skip;
        if (i && (int)(length - skip) > widest) widest = (int)(length - skip);
    }
    rl_get_screen_size(&rows, &columns);
    int across = columns / (widest + 2), shown = count;
    int most = (rows > 4 ? rows - 3 : 1) * (across > 0 ? across : 1);
    if (shown > most) shown = most;
    listed[shown + 1] = NULL;
    rl_display_match_list(listed, shown, widest);
    if (shown < count) fprintf(rl_outstream, "... and %d more: type another letter\n", count - shown);
    rl_forced_update_display();
    free(listed);
}

int crl_set_completion(crl_complete complete, void *context, char *message, size_t size) {
    (void)message; (void)size;
    state.complete = complete;
    state.context = context;
    return CRL_OK;
}

// Reading a line

// What leads readline out of any reading of keys of its own: Control-G leaves a search or a question, the rest ends
// a paste. (An end of input in the middle of a paste would leave readline's buffer unterminated.)
static const char leaving[] = "\a\x1b[201~";
static size_t left;     // how much of it was given
static int unfinished;  // the cursor is still behind what was typed

// The line ends here: what was typed stays on the screen, the cursor goes below it.
static int end_line(void) {
    if (!RL_ISSTATE(RL_STATE_READCMD)) {
        int key = leaving[left++];
        if (!leaving[left]) left = 0;
        return key;
    }
    rl_point = rl_end;
    rl_redisplay();
    if (crl_signals_stop() == SIGINT) fputs("^C", rl_outstream);
    fflush(rl_outstream);
    unfinished = 1;
    return READERR;
}

static void suspend(void) {
    rl_deprep_terminal();
    crl_signals_suspend();
    rl_prep_terminal(1);
    rl_resize_terminal();
    rl_forced_update_display();
}

// Reads a key as readline does, and looks after the signals while it waits.
static int read_key(FILE *stream) {
    int source = fileno(stream);
    for (;;) {
        if (crl_signals_stop()) return end_line();
        if (crl_signals_take_suspend()) suspend();
        if (crl_signals_take_resize()) rl_resize_terminal();
        struct pollfd waits[2] = {{.fd = source, .events = POLLIN}, {.fd = crl_signals_descriptor(), .events = POLLIN}};
        if (poll(waits, 2, -1) < 0) {
            if (errno == EINTR) continue;
            break;
        }
        if (waits[1].revents) { crl_signals_drain(); continue; }
        unsigned char key;
        ssize_t count = read(source, &key, 1);
        if (count == 1) return key;
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        break;
    }
    // The terminal is gone.
    return RL_ISSTATE(RL_STATE_READCMD) ? READERR : end_line();
}

int crl_read_line(const char *prompt, char **line, int *signal, char *message, size_t size) {
    *line = NULL;
    *signal = 0;
    if (!state.initialized) return fail(message, size, "the line editor was not prepared", 0);
    int error = crl_signals_install();
    if (error) return fail(message, size, "cannot watch for signals", error);

    left = 0;
    unfinished = 0;
    rl_reset_screen_size();  // the window may have changed while nobody watched
    char *read = readline(prompt);
    int status = CRL_OK;
    *signal = crl_signals_stop();
    if (*signal) {
        free(read);
        status = *signal == SIGINT ? CRL_INTERRUPTED : CRL_SIGNALLED;
    } else if (read) {
        *line = read;
    } else {
        status = CRL_END;
        unfinished = 1;
    }
    // readline ends the line itself when it leaves the mode for pasting.
    const char *pasting = rl_variable_value("enable-bracketed-paste");
    if (unfinished && (!pasting || strcmp(pasting, "on") != 0)) fputc('\n', rl_outstream);
    fflush(rl_outstream);
    crl_signals_restore();
    // Passed on after the terminal and the handlers are as they were: the program's own handler decides.
    if (status == CRL_SIGNALLED) raise(*signal);
    return status;
}

void crl_free(char *line) { free(line); }

// Setting up

// Keys arrive as UTF-8 from any terminal of today; in a locale of another charset readline would take them byte by byte.
// readline asks the environment itself, at each line, so that is where the answer must be.
static void choose_locale(void) {
    setlocale(LC_CTYPE, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return;
    const char *all = getenv("LC_ALL");
    setenv(all && *all ? "LC_ALL" : "LC_CTYPE", "C.UTF-8", 1);
    setlocale(LC_CTYPE, "C.UTF-8");
}

int crl_init(const char *name, int history, char *message, size_t size) {
    if (state.initialized) return CRL_OK;
    char *kept = strdup(name);  // readline keeps the pointer
    if (!kept) return fail(message, size, "no memory", 0);
    choose_locale();
    rl_readline_name = kept;
    rl_catch_signals = 0;   // readline's handlers would run between its calls; ours are in Signals.c
    rl_catch_sigwinch = 0;
    rl_change_environment = 0;
    rl_instream = stdin;
    rl_outstream = isatty(STDOUT_FILENO) ? stdout : stderr;
    rl_getc_function = read_key;
    rl_basic_word_break_characters = "";
    rl_completer_word_break_characters = "";
    rl_completer_quote_characters = NULL;
    rl_attempted_completion_function = attempt_completion;
    rl_completion_display_matches_hook = list_matches;
    int error = rl_initialize();
    if (error) return fail(message, size, "readline cannot start", 0);
    // It would insert the start of the line with each of them.
    rl_unbind_function_in_map(rl_insert_completions, emacs_meta_keymap);
    rl_unbind_function_in_map(rl_insert_completions, vi_movement_keymap);
    using_history();
    stifle_history(history > 0 ? history : 1);
    state.initialized = 1;
    return CRL_OK;
}

int crl_add_history(const char *entry, char *message, size_t size) {
    if (!state.initialized) return fail(message, size, "the line editor was not prepared", 0);
    add_history(entry);
    return CRL_OK;
}

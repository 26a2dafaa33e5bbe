// environ
#define _GNU_SOURCE

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
    size_t from;     // where the replaced text begins
    size_t start;    // where the word begins that readline replaces
    char **items;    // items[0] is what all share, then the candidates, then NULL
    size_t count;    // without the NULL
    size_t capacity;
    size_t more;     // too many to be listed
    int failed;
};

static struct {
    int initialized;
    crl_complete complete;
    void *context;
    // Of the last completion, for its listing: what was typed, how much of a match lies before the cursor, how many are left out.
    char *typed;
    size_t before;
    size_t more;
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

// readline replaces the word at the cursor by a match. Looking for the start of a word takes long in a long text, so the
// word is made to begin at the cursor: a match is what is still to be typed.
static char *break_at_cursor(void) {
    static char before[2];
    int at = rl_point;
    while (at > 0 && ((unsigned char)rl_line_buffer[--at] & 0xC0) == 0x80) {}
    before[0] = rl_point > 0 ? rl_line_buffer[at] : '\0';
    return before;
}

// What is still to be typed of a candidate. (The word begins inside a character of several bytes where one is before the cursor.)
static char *rest_of(const crl_candidates *into, const char *text) {
    size_t typed = (size_t)rl_point - into->from, before = (size_t)rl_point - into->start, length = strlen(text);
    if (length < typed || strncmp(text, rl_line_buffer + into->from, typed) != 0) return NULL;
    char *rest = malloc(before + length - typed + 1);
    if (!rest) return NULL;
    memcpy(rest, rl_line_buffer + into->start, before);
    memcpy(rest + before, text + typed, length - typed + 1);
    return rest;
}

int crl_begin_candidates(crl_candidates *into, size_t from, const char *common, size_t more) {
    if (into->count || from > (size_t)rl_point) { into->failed = 1; return CRL_FAILED; }
    into->from = from;
    into->more = more;
    return push(into, rest_of(into, common));
}

int crl_add_candidate(crl_candidates *into, const char *text) {
    if (!into->count) { into->failed = 1; return CRL_FAILED; }
    return push(into, rest_of(into, text));
}

static char **attempt_completion(const char *text, int start, int end) {
    (void)text; (void)end;
    rl_attempted_completion_over = 1;
    rl_completion_append_character = '\0';
    rl_completion_suppress_append = 1;
    rl_sort_completion_matches = 0;
    rl_filename_completion_desired = 0;
    if (!state.complete || start > rl_point) return NULL;

    crl_candidates found = {.start = (size_t)start};
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
    free(state.typed);
    state.typed = strndup(rl_line_buffer + found.from, (size_t)rl_point - found.from);
    state.before = (size_t)rl_point - found.start;
    state.more = found.more;
    return found.items;
}

// Lists what fits on the screen; a longer list ends by saying how many more there are.
static void list_matches(char **matches, int count, int longest) {
    (void)longest;
    char **listed = calloc((size_t)count + 2, sizeof *listed);
    if (!listed) return;
    // Of a path, the folders are plain from what was typed.
    const char *typed = state.typed ? state.typed : "", *slash = strrchr(typed, '/');
    if (slash) typed = slash + 1;
    size_t start = strlen(typed), widest = 0;
    int rows = 0, columns = 0, made = 0;
    for (int i = 0; i <= count; i++, made++) {
        size_t length = strlen(matches[i]), skip = state.before < length ? state.before : length;
        listed[i] = malloc(start + length - skip + 1);
        if (!listed[i]) break;
        memcpy(listed[i], typed, start);
        memcpy(listed[i] + start, matches[i] + skip, length - skip + 1);
        if (i && start + length - skip > widest) widest = start + length - skip;
    }
    rl_get_screen_size(&rows, &columns);
    int across = columns / ((int)widest + 2), shown = made - 1;
    int most = (rows > 4 ? rows - 3 : 1) * (across > 0 ? across : 1);
    if (shown > most) shown = most;
    if (shown > 0) {
        char *after = listed[shown + 1];
        listed[shown + 1] = NULL;
        rl_display_match_list(listed, shown, (int)widest);
        listed[shown + 1] = after;
    }
    size_t left_out = (size_t)(count - shown) + state.more;
    if (left_out > 0) fprintf(rl_outstream, "... and %zu more: type another letter\n", left_out);
    rl_forced_update_display();
    for (int i = 0; i < made; i++) free(listed[i]);
    free(listed);
}

int crl_set_completion(crl_complete complete, void *context, char *message, size_t size) {
    (void)message; (void)size;
    state.complete = complete;
    state.context = context;
    return CRL_OK;
}

// Guards

void crl_guarded_size(int *rows, int *columns) {
    enum { fewest_rows = 4, fewest_columns = 20, most = 4096 };
    if (*rows > 0) *rows = *rows < fewest_rows ? fewest_rows : *rows > most ? most : *rows;
    if (*columns > 0) *columns = *columns < fewest_columns ? fewest_columns : *columns > most ? most : *columns;
}

int crl_may_grow(size_t length, size_t pasted) { return length <= CRL_LONGEST_LINE && pasted <= CRL_LONGEST_LINE - length; }

// Has readline look at the size of the window, and tells it of another where that is one it cannot draw in.
static void take_size(int redraw) {
    int rows = 0, columns = 0;
    rl_reset_screen_size();
    rl_get_screen_size(&rows, &columns);
    int guarded_rows = rows, guarded_columns = columns;
    crl_guarded_size(&guarded_rows, &guarded_columns);
    if (guarded_rows != rows || guarded_columns != columns) rl_set_screen_size(guarded_rows, guarded_columns);
    else if (redraw) rl_resize_terminal();
}

// A number before a key, or a yank, makes a long line at once: it is not drawn, and given up at the next key.
static void redraw(void) {
    if (crl_may_grow((size_t)rl_end, 0)) rl_redisplay();
}

// Keys given back

static unsigned char given_back[4096];
static size_t given_back_count, given_back_taken;

void crl_give_back(const unsigned char *keys, size_t count) {
    if (given_back_taken == given_back_count) given_back_taken = given_back_count = 0;
    for (size_t i = 0; keys && i < count && given_back_count < sizeof given_back; i++) given_back[given_back_count++] = keys[i];
}

char **crl_environment(void) { return environ; }

// Reading a line

// What leads readline out of any reading of keys of its own: Control-G leaves a search or a question, the rest ends
// a paste. (An end of input in the middle of a paste would leave readline's buffer unterminated.)
static const char leaving[] = "\a\x1b[201~";
static size_t left;     // how much of it was given
static int unfinished;  // the cursor is still behind what was typed
static int too_long;    // the line is given up for its length
static size_t pasted;   // keys of a paste, or of another reading of keys of its own, that are no part of the line yet

// The line ends here: what was typed stays on the screen, the cursor goes below it.
static int end_line(void) {
    if (!RL_ISSTATE(RL_STATE_READCMD)) {
        int key = leaving[left++];
        if (!leaving[left]) left = 0;
        return key;
    }
    rl_point = rl_end;
    redraw();
    if (crl_signals_stop() == SIGINT) fputs("^C", rl_outstream);
    fflush(rl_outstream);
    unfinished = 1;
    return READERR;
}

static void suspend(void) {
    rl_deprep_terminal();
    crl_signals_suspend();
    rl_prep_terminal(1);
    take_size(1);
    rl_forced_update_display();
}

// Drops the rest of a line that is too long: up to the end of the paste, or of the line that was typed; at the latest when
// nothing comes for a while.
static void drop_rest(int source) {
    static const char end_of_paste[] = "\x1b[201~";
    int is_paste = !RL_ISSTATE(RL_STATE_READCMD);
    size_t matched = 0;
    struct pollfd waits = {.fd = source, .events = POLLIN};
    while (!crl_signals_stop() && poll(&waits, 1, 200) > 0) {
        char key;
        if (read(source, &key, 1) != 1) return;
        if (!is_paste && (key == '\r' || key == '\n')) return;
        matched = key == end_of_paste[matched] ? matched + 1 : key == end_of_paste[0];
        if (!end_of_paste[matched]) return;
    }
}

// Reads a key as readline does, and looks after the signals while it waits.
static int read_key(FILE *stream) {
    int source = fileno(stream);
    for (;;) {
        if (crl_signals_stop() || too_long) return end_line();
        if (crl_signals_take_suspend()) suspend();
        if (crl_signals_take_resize()) take_size(1);
        if (RL_ISSTATE(RL_STATE_READCMD)) pasted = 0;
        if (!crl_may_grow((size_t)rl_end, pasted)) {
            drop_rest(source);
            too_long = 1;
            continue;
        }
        if (given_back_taken < given_back_count) {
            pasted++;
            return given_back[given_back_taken++];
        }
        struct pollfd waits[2] = {{.fd = source, .events = POLLIN}, {.fd = crl_signals_descriptor(), .events = POLLIN}};
        if (poll(waits, 2, -1) < 0) {
            if (errno == EINTR) continue;
            break;
        }
        if (waits[1].revents) { crl_signals_drain(); continue; }
        unsigned char key;
        ssize_t count = read(source, &key, 1);
        if (count == 1) {
            pasted++;
            return key;
        }
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
    too_long = 0;
    pasted = 0;
    take_size(0);  // the window may have changed while nobody watched
    char *read = readline(prompt);
    int status = CRL_OK;
    *signal = crl_signals_stop();
    if (*signal) {
        free(read);
        status = *signal == SIGINT ? CRL_INTERRUPTED : CRL_SIGNALLED;
    } else if (too_long) {
        free(read);
        status = CRL_TOO_LONG;
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
    rl_completion_word_break_hook = break_at_cursor;
    rl_attempted_completion_function = attempt_completion;
    rl_completion_display_matches_hook = list_matches;
    int error = rl_initialize();
    if (error) return fail(message, size, "readline cannot start", 0);
    // Set before, it would keep readline from asking what the terminal can do.
    rl_redisplay_function = redraw;
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
    if (crl_may_grow(strlen(entry), 0)) add_history(entry);
    return CRL_OK;
}

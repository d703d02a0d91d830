#pragma once
#include <histedit.h>
#include <stdio.h>

// Swift imports neither functions with a variable number of arguments nor C's standard streams; each use that the
// terminal makes of them has its own function here.

typedef unsigned char (*nnb_el_function)(EditLine *, int);

static inline EditLine *nnb_el_init(const char *program) { return el_init(program, stdin, stdout, stderr); }
static inline int nnb_el_set_prompt(EditLine *el, char *(*prompt)(EditLine *)) { return el_set(el, EL_PROMPT, prompt); }
static inline int nnb_el_set_editor(EditLine *el, const char *editor) { return el_set(el, EL_EDITOR, editor); }
static inline int nnb_el_set_signal(EditLine *el, int handles) { return el_set(el, EL_SIGNAL, handles); }
static inline int nnb_el_prepare_terminal(EditLine *el, int raw) { return el_set(el, EL_PREP_TERM, raw); }
static inline int nnb_el_refresh(EditLine *el) { return el_set(el, EL_REFRESH); }
static inline int nnb_el_set_client(EditLine *el, void *client) { return el_set(el, EL_CLIENTDATA, client); }
static inline void *nnb_el_get_client(EditLine *el) {
    void *client = NULL;
    el_get(el, EL_CLIENTDATA, &client);
    return client;
}
static inline int nnb_el_set_reader(EditLine *el, int (*read)(EditLine *, wchar_t *)) {
    return el_set(el, EL_GETCFN, read);
}
static inline int nnb_el_add(EditLine *el, const char *name, const char *help, nnb_el_function function) {
    return el_set(el, EL_ADDFN, name, help, function);
}
static inline int nnb_el_bind(EditLine *el, const char *key, const char *function) {
    return el_set(el, EL_BIND, key, function, NULL);
}
static inline int nnb_el_set_history(EditLine *el, History *entries) { return el_set(el, EL_HIST, history, entries); }
static inline int nnb_history_set_size(History *entries, int count) {
    HistEvent event;
    return history(entries, &event, H_SETSIZE, count);
}
static inline int nnb_history_add(History *entries, const char *line) {
    HistEvent event;
    return history(entries, &event, H_ENTER, line);
}
static inline int nnb_history_clear(History *entries) {
    HistEvent event;
    return history(entries, &event, H_CLEAR);
}

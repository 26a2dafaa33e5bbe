#ifndef ECDX_CCURL_H
#define ECDX_CCURL_H

// A thin layer over libcurl: one blocking HTTP exchange at a time, redirects not followed (the caller decides about each).
// Every call returns a status, 0 where all went well; otherwise the reason, cut to fit and ended by a zero byte, is in `message`.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    ECDX_CURL_DONE = 0,
    ECDX_CURL_FAILED = 1,       // out of memory, a setting refused, an answer that is not HTTP
    ECDX_CURL_STOPPED = 2,      // a callback asked for it
    ECDX_CURL_CUT = 3,          // the connection ended before the answer did
    ECDX_CURL_SILENT = 4,       // a time-out
    ECDX_CURL_UNREACHABLE = 5,  // no such host, nobody listens there
    ECDX_CURL_UNTRUSTED = 6,    // the certificate or the encryption
};

// A handle that keeps its connection for the next exchange. One thread at a time.
typedef struct ecdx_curl ecdx_curl;

typedef struct {
    const char *url;
    const char *user_agent;
    // Ask for the bytes from here on, where above 0, provided that the file is still the one of `if_range`.
    int64_t from;
    const char *if_range;
    // A line `Name: value` more, such as one with a key; NULL where there is none. It goes to the server of `url` alone, not to a proxy.
    const char *header;
    // 1: never through a proxy, whatever the environment says.
    int direct;
    long connect_seconds;
    // Give up after so many seconds with less than a byte a second.
    long stall_seconds;
} ecdx_curl_request;

typedef struct {
    // Of HTTP; 0 where there was no answer.
    long status;
    // What the header promises of this answer's body; -1 where it does not say.
    int64_t length;
    // Of Content-Range; -1 where it does not say.
    int64_t range_start, range_total;
    // With its quotes; empty where there is none, where it is weak, and where it is too long to keep.
    char etag[256];
    // The absolute place a redirect leads to; empty where there is none.
    char location[4096];
    // What `Retry-After` and `Content-Type` say; empty where they do not, or say too much to keep.
    char retry_after[64], content_type[128];
    // What `X-Error-Code` and `RateLimit` say, as the Hugging Face hub has them; empty likewise.
    char error_code[64], rate_limit[128];
    // The beginning of the body of an answer other than 200 and 206: it may say why.
    char refusal[4096];
    size_t refusal_count;
} ecdx_curl_response;

typedef struct {
    void *context;
    // Before the first byte of an answer 200 or 206 (also one without a body). Anything but 0 stops.
    int (*begin)(void *context, const ecdx_curl_response *response);
    // A piece of its body. Anything but 0 stops.
    int (*data)(void *context, const uint8_t *bytes, size_t count);
    // Several times a second while bytes come, once a second otherwise. Anything but 0 stops.
    int (*pause)(void *context);
} ecdx_curl_calls;

int ecdx_curl_new(ecdx_curl **out, char *message, size_t capacity);
void ecdx_curl_free(ecdx_curl *curl);

// GET. Of the bodies of other answers than 200 and 206 the beginning is kept, the rest thrown away.
int ecdx_curl_get(
    ecdx_curl *curl, const ecdx_curl_request *request, const ecdx_curl_calls *calls, ecdx_curl_response *response, char *message,
    size_t capacity);

// The scheme and host of an address as libcurl understands them, in lower case, and its port or that of its scheme, 0 where that
// has none; `credentials` is 1 where it holds a user or a password. ECDX_CURL_FAILED where it is no address.
int ecdx_curl_parts(
    const char *url, char *scheme, size_t scheme_capacity, char *host, size_t host_capacity, int *port, int *credentials,
    char *message, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif

#include "CCurl.h"

#include <ctype.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

// An error page is read to its end, so that the connection can serve again, but not for ever.
enum { discard_limit = 1 << 20 };

struct ecdx_curl {
    CURL *handle;
    const ecdx_curl_calls *calls;
    ecdx_curl_response *response;
    size_t discarded;
    int begun, stopped, too_much;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static CURLcode ready = CURLE_FAILED_INIT;
static void initialize(void) { ready = curl_global_init(CURL_GLOBAL_DEFAULT); }

static int fail(int status, char *message, size_t capacity, const char *text) {
    if (message && capacity > 0) snprintf(message, capacity, "%s", text);
    return status;
}

int ecdx_curl_new(ecdx_curl **out, char *message, size_t capacity) {
    *out = NULL;
    pthread_once(&once, initialize);
    if (ready != CURLE_OK) return fail(ECDX_CURL_FAILED, message, capacity, curl_easy_strerror(ready));
    ecdx_curl *curl = calloc(1, sizeof *curl);
    if (curl) curl->handle = curl_easy_init();
    if (!curl || !curl->handle) {
        free(curl);
        return fail(ECDX_CURL_FAILED, message, capacity, "out of memory");
    }
    *out = curl;
    return ECDX_CURL_DONE;
}

void ecdx_curl_free(ecdx_curl *curl) {
    if (!curl) return;
    curl_easy_cleanup(curl->handle);
    free(curl);
}

// The value of the header `name` in a line of `count` bytes, without white space at its ends; NULL where the line is another.
static const char *value_of(const char *line, size_t count, const char *name, size_t *length) {
    size_t n = strlen(name);
    if (count <= n || strncasecmp(line, name, n) != 0 || line[n] != ':') return NULL;
    const char *start = line + n + 1, *end = line + count;
    while (start < end && isspace((unsigned char)*start)) start++;
    while (end > start && isspace((unsigned char)end[-1])) end--;
    *length = (size_t)(end - start);
    return start;
}

static void keep_etag(ecdx_curl_response *response, const char *value, size_t length) {
    response->etag[0] = 0;
    if (length < 2 || length >= sizeof response->etag || value[0] != '"' || value[length - 1] != '"') return;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)value[i] <= 0x20 || (unsigned char)value[i] >= 0x7f || (value[i] == '"' && i > 0 && i + 1 < length)) return;
    memcpy(response->etag, value, length);
    response->etag[length] = 0;
}

static void keep_text(char *out, size_t capacity, const char *value, size_t length) {
    out[0] = 0;
    if (length >= capacity) return;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)value[i] < 0x20 || (unsigned char)value[i] >= 0x7f) return;
    memcpy(out, value, length);
    out[length] = 0;
}

static size_t on_header(char *line, size_t size, size_t count, void *context) {
    ecdx_curl *curl = context;
    ecdx_curl_response *response = curl->response;
    size_t bytes = size * count, length = 0;
    const char *value;
    if (bytes >= 5 && strncmp(line, "HTTP/", 5) == 0) {
        // Another answer begins, as after `100 Continue`.
        response->etag[0] = response->retry_after[0] = response->content_type[0] = 0;
        response->error_code[0] = response->rate_limit[0] = 0;
        response->range_start = response->range_total = -1;
    } else if ((value = value_of(line, bytes, "retry-after", &length))) {
        keep_text(response->retry_after, sizeof response->retry_after, value, length);
    } else if ((value = value_of(line, bytes, "content-type", &length))) {
        keep_text(response->content_type, sizeof response->content_type, value, length);
    } else if ((value = value_of(line, bytes, "x-error-code", &length))) {
        keep_text(response->error_code, sizeof response->error_code, value, length);
    } else if ((value = value_of(line, bytes, "ratelimit", &length))) {
        keep_text(response->rate_limit, sizeof response->rate_limit, value, length);
    } else if ((value = value_of(line, bytes, "etag", &length))) {
        keep_etag(response, value, length);
    } else if ((value = value_of(line, bytes, "content-range", &length)) && length < 96) {
        char text[96];
        long long start = -1, end = -1, total = -1;
        memcpy(text, value, length);
        text[length] = 0;
        int found = sscanf(text, "bytes %18lld-%18lld/%18lld", &start, &end, &total);
        if (found >= 2 && start >= 0 && end >= start) {
            response->range_start = start;
            response->range_total = found == 3 && total > end ? total : -1;
        }
    }
    return bytes;
}

// Tells of the answer once. 0 where its body is wanted, 1 where it is thrown away, -1 where the callback stopped.
static int begin(ecdx_curl *curl) {
    ecdx_curl_response *response = curl->response;
    if (curl->begun) return 0;
    curl_easy_getinfo(curl->handle, CURLINFO_RESPONSE_CODE, &response->status);
    if (response->status != 200 && response->status != 206) return 1;
    curl_off_t length = -1;
    if (curl_easy_getinfo(curl->handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length) == CURLE_OK) response->length = length;
    curl->begun = 1;
    if (curl->calls->begin(curl->calls->context, response) == 0) return 0;
    curl->stopped = 1;
    return -1;
}

static size_t on_data(char *bytes, size_t size, size_t count, void *context) {
    ecdx_curl *curl = context;
    size_t total = size * count;
    int kind = begin(curl);
    if (kind < 0) return total + 1;
    if (kind > 0) {
        ecdx_curl_response *response = curl->response;
        size_t room = sizeof response->refusal - response->refusal_count, kept = total < room ? total : room;
        memcpy(response->refusal + response->refusal_count, bytes, kept);
        response->refusal_count += kept;
        curl->discarded += total;
        curl->too_much = curl->discarded > discard_limit;
        return curl->too_much ? total + 1 : total;
    }
    if (curl->calls->data(curl->calls->context, (const uint8_t *)bytes, total) == 0) return total;
    curl->stopped = 1;
    return total + 1;
}

static int on_progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
    ecdx_curl *curl = context;
    (void)a, (void)b, (void)c, (void)d;
    if (curl->calls->pause(curl->calls->context) != 0) curl->stopped = 1;
    return curl->stopped;
}

static int status_of(CURLcode code) {
    switch (code) {
    case CURLE_OK: return ECDX_CURL_DONE;
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: return ECDX_CURL_CUT;
    case CURLE_OPERATION_TIMEDOUT: return ECDX_CURL_SILENT;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT: return ECDX_CURL_UNREACHABLE;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE: return ECDX_CURL_UNTRUSTED;
    default: return ECDX_CURL_FAILED;
    }
}

static CURLcode configure(CURL *handle, const ecdx_curl_request *request, struct curl_slist **headers) {
    CURLcode code = CURLE_OK;
#define SET(option, value) \
    if (code == CURLE_OK) code = curl_easy_setopt(handle, option, value)
    SET(CURLOPT_URL, request->url);
    SET(CURLOPT_USERAGENT, request->user_agent);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_FOLLOWLOCATION, 0L);
#if LIBCURL_VERSION_NUM >= 0x075500
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_REDIR_PROTOCOLS_STR, "https");
#else
    SET(CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
    SET(CURLOPT_REDIR_PROTOCOLS, (long)CURLPROTO_HTTPS);
#endif
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CURLOPT_CONNECTTIMEOUT, request->connect_seconds);
    SET(CURLOPT_LOW_SPEED_LIMIT, 1L);
    SET(CURLOPT_LOW_SPEED_TIME, request->stall_seconds);
    if (request->direct) SET(CURLOPT_PROXY, "");
    SET(CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
    if (request->from > 0 && request->if_range) {
        char text[320];
        snprintf(text, sizeof text, "%lld-", (long long)request->from);
        SET(CURLOPT_RANGE, text);
        snprintf(text, sizeof text, "If-Range: %s", request->if_range);
        *headers = curl_slist_append(NULL, text);
        if (!*headers) return CURLE_OUT_OF_MEMORY;
    }
    if (request->header) {
        struct curl_slist *longer = curl_slist_append(*headers, request->header);
        if (!longer) return CURLE_OUT_OF_MEMORY;
        *headers = longer;
    }
    if (*headers) SET(CURLOPT_HTTPHEADER, *headers);
#undef SET
    return code;
}

int ecdx_curl_get(
    ecdx_curl *curl, const ecdx_curl_request *request, const ecdx_curl_calls *calls, ecdx_curl_response *response, char *message,
    size_t capacity) {
    CURL *handle = curl->handle;
    char reason[CURL_ERROR_SIZE] = "";
    struct curl_slist *headers = NULL;
    memset(response, 0, sizeof *response);
    response->length = response->range_start = response->range_total = -1;
    curl->calls = calls;
    curl->response = response;
    curl->discarded = 0;
    curl->begun = curl->stopped = curl->too_much = 0;
    // Settings go, connections stay.
    curl_easy_reset(handle);
    CURLcode code = configure(handle, request, &headers);
    if (code == CURLE_OK) {
        curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, reason);
        curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
        curl_easy_setopt(handle, CURLOPT_HEADERDATA, curl);
        curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_data);
        curl_easy_setopt(handle, CURLOPT_WRITEDATA, curl);
        curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, on_progress);
        curl_easy_setopt(handle, CURLOPT_XFERINFODATA, curl);
        code = curl_easy_perform(handle);
    }
    if (code == CURLE_OK) begin(curl);
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &response->status);
    const char *location = NULL;
    if (curl_easy_getinfo(handle, CURLINFO_REDIRECT_URL, &location) == CURLE_OK && location && strlen(location) < sizeof response->location)
        strcpy(response->location, location);
    curl_easy_reset(handle);
    curl_slist_free_all(headers);
    curl->calls = NULL;
    curl->response = NULL;
    if (curl->stopped) return fail(ECDX_CURL_STOPPED, message, capacity, "stopped");
    if (curl->too_much) return ECDX_CURL_DONE;
    if (code == CURLE_OK) return ECDX_CURL_DONE;
    return fail(status_of(code), message, capacity, reason[0] ? reason : curl_easy_strerror(code));
}

static int part(CURLU *url, CURLUPart which, char *out, size_t capacity) {
    char *text = NULL;
    out[0] = 0;
    if (curl_url_get(url, which, &text, 0) != CURLUE_OK) return 0;
    size_t length = strlen(text);
    int fits = length < capacity;
    for (size_t i = 0; fits && i <= length; i++) out[i] = (char)tolower((unsigned char)text[i]);
    curl_free(text);
    return fits;
}

int ecdx_curl_parts(
    const char *text, char *scheme, size_t scheme_capacity, char *host, size_t host_capacity, int *port, int *credentials,
    char *message, size_t capacity) {
    CURLU *url = curl_url();
    if (!url) return fail(ECDX_CURL_FAILED, message, capacity, "out of memory");
    int status = ECDX_CURL_DONE;
    host[0] = 0;
    *port = *credentials = 0;
    if (curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK || !part(url, CURLUPART_SCHEME, scheme, scheme_capacity)) {
        status = fail(ECDX_CURL_FAILED, message, capacity, "not an address");
    } else {
        part(url, CURLUPART_HOST, host, host_capacity);
        char *found = NULL;
        if (curl_url_get(url, CURLUPART_PORT, &found, CURLU_DEFAULT_PORT) == CURLUE_OK) *port = atoi(found);
        curl_free(found);
        found = NULL;
        if (curl_url_get(url, CURLUPART_USER, &found, 0) == CURLUE_OK) *credentials = 1;
        curl_free(found);
        found = NULL;
        if (curl_url_get(url, CURLUPART_PASSWORD, &found, 0) == CURLUE_OK) *credentials = 1;
        curl_free(found);
    }
    curl_url_cleanup(url);
    return status;
}

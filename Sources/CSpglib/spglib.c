#include "CSpglib.h"

#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <spglib.h>

// spglib keeps the status of the last call in a variable of the process.
static pthread_mutex_t library = PTHREAD_MUTEX_INITIALIZER;

static int fail(int status, char *message, size_t size, const char *text) {
    if (message && size > 0) snprintf(message, size, "%s", text);
    return status;
}

int ecdx_spglib_find(
    const double *lattice, const double *positions, const int32_t *kinds, int64_t atoms, double tolerance, ecdx_spglib_symmetry *out,
    char *message, size_t message_size) {
    if (!lattice || !positions || !kinds || !out) return fail(1, message, message_size, "a part of the crystal is missing");
    if (atoms < 1 || atoms > INT_MAX / 4) return fail(1, message, message_size, "there are no atoms, or too many");
    if (!(tolerance > 0) || !isfinite(tolerance)) return fail(1, message, message_size, "the tolerance is not a positive number");
    for (int64_t i = 0; i < 3 * atoms; i++)
        if (!isfinite(positions[i])) return fail(1, message, message_size, "a position is not finite");
    double columns[3][3];
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            if (!isfinite(lattice[3 * j + i])) return fail(1, message, message_size, "a lattice vector is not finite");
            columns[i][j] = lattice[3 * j + i];
        }

    pthread_mutex_lock(&library);
    SpglibDataset *found = spg_get_dataset(columns, (double(*)[3])positions, kinds, (int)atoms, tolerance);
    if (!found) {
        const char *reason = spg_get_error_message(spg_get_error_code());
        int status = fail(2, message, message_size, reason ? reason : "no symmetry was found");
        pthread_mutex_unlock(&library);
        return status;
    }
    memset(out, 0, sizeof *out);
    out->number = found->spacegroup_number;
    out->hall_number = found->hall_number;
    snprintf(out->symbol, sizeof out->symbol, "%s", found->international_symbol);
    snprintf(out->point_group, sizeof out->point_group, "%s", found->pointgroup_symbol);
    snprintf(out->choice, sizeof out->choice, "%s", found->choice);
    for (int i = 0; i < 3; i++) {
        out->origin_shift[i] = found->origin_shift[i];
        for (int j = 0; j < 3; j++) {
            out->transformation[3 * i + j] = found->transformation_matrix[i][j];
            out->standard_lattice[3 * i + j] = found->std_lattice[j][i];
        }
    }
    spg_free_dataset(found);
    pthread_mutex_unlock(&library);
    return out->number > 0 ? 0 : fail(3, message, message_size, "spglib found no space group");
}

#ifndef ECDX_CSPGLIB_H
#define ECDX_CSPGLIB_H

// A thin layer over spglib 2. The call returns 0 when done; otherwise it returns another number and writes the reason, cut
// to fit and ended by a zero byte, to `message`.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// What spglib finds of a crystal.
typedef struct {
    // Number of the space group, 1 to 230, and of the setting by Hall, 1 to 530.
    int number, hall_number;
    // The short symbol by Hermann and Mauguin, such as `Fm-3m`; that of the point group; the choice of axes and origin.
    char symbol[16], point_group[16], choice[16];
    // Row-major P and p: coordinates in the standard setting are P x + p, x those in the cell that was given.
    double transformation[9], origin_shift[3];
    // The vectors of the standard cell as the standard turns them, a row each, in the unit of the lattice.
    double standard_lattice[9];
} ecdx_spglib_symmetry;

// Finds the symmetry of a crystal: lattice vectors (a row each), fractional positions (three for each atom), a number for
// each kind of atom, and the tolerance of distances in the unit of the lattice.
int ecdx_spglib_find(
    const double *lattice, const double *positions, const int32_t *kinds, int64_t atoms, double tolerance, ecdx_spglib_symmetry *out,
    char *message, size_t message_size);

#ifdef __cplusplus
}
#endif

#endif

/// The name of a column in a figure: the usual name of a property of a crystal, else the column's own.
func quantityName(_ column: String) -> String {
    let known = [
        "k_vrh": "bulk modulus", "g_vrh": "shear modulus", "band_gap": "band gap", "efermi": "Fermi energy", "volume": "volume",
        "density": "mass density",
        "formation_energy_per_atom": "formation energy per atom", "total_magnetization": "total magnetization",
        "sfe_mJ_per_m2": "stacking-fault energy", "lattice_constant": "lattice constant",
    ]
    return known[column] ?? column.replacing("_", with: " ")
}

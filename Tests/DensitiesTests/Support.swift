import TestSupport

/// The path of one of the project's densities.
func crystal(_ name: String) -> String { Place.crystals + "/densities/" + name }

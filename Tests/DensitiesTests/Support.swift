import TestSupport

/// The path of one of the project's densities.
func crystal(_ name: String) -> String { Place.crystals + "/densities/" + name }

/// The path of a small file with the traits of a real one.
func field(_ name: String) -> String { fixture("field/" + name) }

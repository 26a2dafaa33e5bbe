import TestSupport

/// The path of a file of the project's crystals.
func crystals(_ name: String) -> String { Place.crystals + "/" + name }

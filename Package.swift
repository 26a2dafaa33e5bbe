// swift-tools-version: 6.0
import PackageDescription

let package = Package(
    name: "ecdx",
    products: [
        .executable(name: "ecdx", targets: ["ecdx"]),
        // For Benchmarks/chgcar, a package of its own.
        .library(name: "Densities", targets: ["Densities"]),
        // For Benchmarks/backbones and Benchmarks/encoders, others.
        .library(name: "Engine", targets: ["Engine"]),
        .library(name: "Models", targets: ["Models"]),
        .library(name: "Storage", targets: ["Storage"]),
        .library(name: "Texts", targets: ["Texts"]),
        .library(name: "Weights", targets: ["Weights"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
    ],
    targets: [
        // Thin C targets: a status and a message per call, nothing else.
        .target(
            name: "CSupport",
            linkerSettings: [
                .linkedLibrary("crypto"), .linkedLibrary("deflate"), .linkedLibrary("z"), .linkedLibrary("bz2"), .linkedLibrary("lzma"),
                .linkedLibrary("zstd"),
            ]),
        .target(name: "CReadline", linkerSettings: [.linkedLibrary("readline")]),
        .target(
            name: "CGnuplot",
            linkerSettings: [.linkedLibrary("boost_iostreams"), .linkedLibrary("boost_system"), .linkedLibrary("boost_filesystem")]),
        .target(name: "COneDNN", linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("gomp")]),
        .target(name: "CLinear", linkerSettings: [.linkedLibrary("lapacke")]),
        .target(name: "CHDF5", linkerSettings: [.linkedLibrary("hdf5_serial")]),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .target(name: "CImages", linkerSettings: [.linkedLibrary("png"), .linkedLibrary("jpeg"), .linkedLibrary("z")]),
        .target(name: "CFFTW", linkerSettings: [.linkedLibrary("fftw3")]),
        .target(name: "CSpglib", linkerSettings: [.linkedLibrary("symspg")]),
        .target(name: "CUTF8proc", linkerSettings: [.linkedLibrary("utf8proc")]),

        .target(name: "Diagnostics"),
        .target(name: "Tensors", dependencies: ["Diagnostics"]),
        .target(name: "Storage", dependencies: ["Tensors", "CSupport"]),
        .target(name: "Texts", dependencies: ["Diagnostics", "Storage", "CUTF8proc"]),
        .target(name: "Fetching", dependencies: ["Storage", "CCurl"]),
        .target(name: "Engine", dependencies: ["Tensors", "COneDNN"]),
        .target(name: "Models", dependencies: ["Tensors", "Storage", "Engine"]),
        .target(name: "Weights", dependencies: ["Diagnostics", "Tensors", "Storage", "Engine", "Models", "CHDF5"]),
        .target(name: "Densities", dependencies: ["Tensors", "Storage", "CFFTW", "CSpglib"]),
        .target(name: "Datasets", dependencies: ["Tensors", "Storage", "CImages", "CSupport"]),
        .target(name: "Training", dependencies: ["Models", "Datasets", "Engine", "Storage", "CLinear"]),
        .target(name: "Language", dependencies: ["Diagnostics", .product(name: "OrderedCollections", package: "swift-collections")]),
        .target(name: "Plotting", dependencies: ["Diagnostics", "CGnuplot"]),
        .target(
            name: "Builtins",
            dependencies: ["Language", "Models", "Storage", "Weights", "Texts", "Densities", "Datasets", "Training", "Plotting"]),
        .target(name: "Experiments", dependencies: ["Builtins", "Storage", "Texts", "Weights"]),
        .target(name: "Reports", dependencies: ["Diagnostics", "Storage"]),
        .target(name: "Host", dependencies: ["Experiments", "Fetching", "Reports", "Weights", "CReadline"]),
        .executableTarget(
            name: "ecdx", dependencies: ["Host", "Weights", .product(name: "ArgumentParser", package: "swift-argument-parser")]),

        // What several test targets share: folders, files, processes, thrown diagnostics.
        .target(name: "TestSupport", dependencies: ["Diagnostics", "Storage"], path: "Tests/TestSupport"),
        .testTarget(name: "TensorsTests", dependencies: ["Storage", "Tensors", "TestSupport"], exclude: ["Fixtures"]),
        .testTarget(name: "StorageTests", dependencies: ["Storage", "TestSupport"], exclude: ["Fixtures"]),
        .testTarget(name: "TextsTests", dependencies: ["Texts", "Storage", "TestSupport"], exclude: ["Fixtures"]),
        .testTarget(name: "FetchingTests", dependencies: ["Fetching", "Storage", "TestSupport"], exclude: ["Fixtures"]),
        .testTarget(name: "EngineTests", dependencies: ["Engine", "Models", "TestSupport"], exclude: ["Fixtures"]),
        .testTarget(name: "WeightsTests", dependencies: ["Weights", "Models", "Storage", "TestSupport", "ecdx"], exclude: ["Fixtures"]),
        .testTarget(name: "ModelsTests", dependencies: ["Models", "Storage", "Weights", "TestSupport"], exclude: ["Fixtures"]),
        .testTarget(name: "DensitiesTests", dependencies: ["Densities", "Storage", "CSupport", "TestSupport"], exclude: ["Fixtures"]),
        .testTarget(name: "DatasetsTests", dependencies: ["Datasets", "CSupport", "TestSupport"], exclude: ["Fixtures"]),
        .testTarget(name: "TrainingTests", dependencies: ["Training", "TestSupport"], exclude: ["Fixtures"]),
        .testTarget(name: "PlottingTests", dependencies: ["Plotting", "TestSupport"], exclude: ["Fixtures"]),
        // Sessions of tests: what they show, copies of the corpus, a word that the language does not have.
        .target(name: "SessionTestSupport", dependencies: ["Experiments", "TestSupport"], path: "Tests/SessionTestSupport"),
        .testTarget(name: "ReportsTests", dependencies: ["Reports", "Storage", "TestSupport"], exclude: ["Fixtures"]),
        .testTarget(name: "BuiltinsTests", dependencies: ["Experiments", "SessionTestSupport", "TestSupport"]),
        .testTarget(name: "ExperimentsTests", dependencies: ["Experiments", "SessionTestSupport", "TestSupport"]),
        // The corpus of scripts in Tests/Corpus runs here.
        .testTarget(name: "LanguageTests", dependencies: ["Experiments", "SessionTestSupport", "TestSupport"]),
        .testTarget(name: "HostTests", dependencies: ["Host", "TestSupport", "ecdx"]),
        // The built command as its users see it: exit statuses, kills, the terminal.
        .testTarget(name: "CommandTests", dependencies: ["Fetching", "Host", "Storage", "CSupport", "TestSupport", "ecdx"]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

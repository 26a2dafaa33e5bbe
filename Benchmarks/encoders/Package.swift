// swift-tools-version: 6.0
import PackageDescription

let package = Package(
    name: "encoders-bench",
    dependencies: [.package(name: "ecdx", path: "../..")],
    targets: [
        .executableTarget(
            name: "encoders-bench",
            dependencies: ["Engine", "Models", "Storage", "Texts", "Weights"].map { .product(name: $0, package: "ecdx") })
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

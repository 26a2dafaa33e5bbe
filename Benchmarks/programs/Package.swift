// swift-tools-version: 6.0
import PackageDescription

let package = Package(
    name: "backbones-bench",
    dependencies: [.package(name: "ecdx", path: "../..")],
    targets: [
        .executableTarget(
            name: "backbones-bench",
            dependencies: [.product(name: "Engine", package: "ecdx"), .product(name: "Models", package: "ecdx")])
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

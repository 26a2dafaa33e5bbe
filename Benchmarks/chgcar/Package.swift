// swift-tools-version: 6.0
import PackageDescription

let package = Package(
    name: "chgcar-bench",
    dependencies: [.package(name: "ecdx", path: "../..")],
    targets: [.executableTarget(name: "chgcar-bench", dependencies: [.product(name: "Densities", package: "ecdx")])],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

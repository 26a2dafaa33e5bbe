import Glibc
import Storage
import TestSupport
import Testing

/// Weights of backbones as the command meets them: absent, of another network, of Keras's own writing.
@Suite(.timed) struct BackboneWeightsTests {
    private static let script = """
        backbone net { architecture: InceptionV3, weights: "imagenet" }
        model regressor {
            input plane: [75, 75, 3]
            plane >> net >> globalAveragePool >> dense(1)
        }
        show net

        """

    @Test func absentWeightsAreSaidBeforeAnythingRuns() throws {
        let project = try Project()
        try project.write("weights.ecdx", Self.script)
        let outcome = try project.ecdx(
            "check", project.file("weights.ecdx"), environment: ["HOME": project.file("home"), "KERAS_HOME": "", "XDG_CACHE_HOME": ""])
        #expect(outcome.status == 3)
        for said in [
            "error[missing-weights]", "`InceptionV3`", "home/.keras/models", "home/.cache/ecdx/weights", "bcbd6486424b2319ff4ef7d526e38f63",
            "https://storage.googleapis.com/", "ecdx fetch weights InceptionV3",
        ] {
            #expect(outcome.err.contains(said), "\(said): \(outcome.err)")
        }
    }

    /// A file of the right name where Keras keeps it is taken; names and shapes in it are looked at by the check, in a process of its own.
    @Test func kerasFilesAreFoundAndRead() throws {
        let project = try Project()
        try createFolder(project.file("keras/models"))
        let name = "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5"
        // A small network that Keras wrote.
        let small = Place.tests + "/WeightsTests/Fixtures/legacy.h5"
        try writeWhole(readFile(small), to: project.file("keras/models/" + name))
        try project.write(
            "weights.ecdx",
            Self.script + Project.script() + """
                dataset pictures like crystals { inputs.plane: chgcar("data/{file}") |> plane([1, 1, 1], size: [75, 75], cell: file) }
                backbone one like net { channels: repeat }
                model grey {
                    input plane: [75, 75, 1]
                    plane >> one >> globalAveragePool >> dense(1)
                }
                experiment small like bulk { data: pictures, model: grey, epochs: 1 }
                table metrics(small)

                """)
        let environment = ["HOME": project.file("home"), "KERAS_HOME": project.file("keras")]
        let outcome = try project.ecdx("check", project.file("weights.ecdx"), environment: environment)
        #expect(outcome.status == 3, "\(outcome.err)")
        #expect(
            outcome.err.contains("error[weights-mismatch]") && outcome.err.contains("these are not weights of `InceptionV3`"),
            "\(outcome.err)")
        try writeWhole(Array(readFile(small).dropLast(500)), to: project.file("keras/models/" + name))
        let cut = try project.ecdx("check", project.file("weights.ecdx"), environment: environment)
        #expect(cut.status == 3 && cut.err.contains("error[bad-weights]") && cut.err.contains("truncated"), "\(cut.err)")
        try writeWhole(Array("not a file of HDF5".utf8), to: project.file("keras/models/" + name))
        let broken = try project.ecdx("check", project.file("weights.ecdx"), environment: environment)
        #expect(broken.status == 3 && broken.err.contains("error[bad-weights]"), "\(broken.err)")
    }
}

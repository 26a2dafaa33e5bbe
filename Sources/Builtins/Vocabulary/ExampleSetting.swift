import Language

extension Example.Setting {
    /// The setting of examples that speak of `crystals`, `net` and `bulk`.
    public static let crystals = Self(Example.crystals)
}

extension Example {
    /// Source text of the quickstart's data set, with smaller planes.
    public static let dataset = """
        dataset crystals {
            rows:   csv("data/fcc-dft/properties.csv")
            id:     "material_id"
            inputs: {
                plane: chgcar("data/fcc-dft/densities/{material_id}.CHGCAR.gz") |> plane([1, 1, 1], size: [12, 12], cell: file)
            }
            target: { column: "k_vrh", unit: "GPa", transform: log }
            split:  random(train: 70%, validation: 15%, holdout: 15%, seed: 7)
        }

        """

    /// Source text of a backbone with randomly drawn weights.
    public static let inception = "backbone net { architecture: InceptionV3, weights: none }\n"

    /// Source text of a small encoder with randomly drawn weights, to try words with.
    public static let encoder = "encoder letters { architecture: BERT, weights: \"data/small-encoder\", length: 32 }\n"

    /// Source text of the data set, model and experiment that examples with the setting `crystals` rest on.
    public static let crystals =
        dataset + """
            model net {
                input plane: [12, 12, 1]
                plane >> conv(4, kernel: 3, activation: relu) >> globalAveragePool >> dense(1)
            }
            experiment bulk { data: crystals, model: net, loss: mse, seed: 1, epochs: 20 }

            """
}

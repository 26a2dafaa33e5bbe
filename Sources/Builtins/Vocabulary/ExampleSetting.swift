import Language

extension Example {
    /// The data set of the quickstart, with smaller planes.
    public static let dataset = """
        dataset crystals {
            rows:   csv("data/fcc-dft/properties.csv")
            id:     "material_id"
            inputs: { plane: chgcar("data/fcc-dft/densities/{material_id}.CHGCAR.gz") |> plane([1, 1, 1], size: [12, 12]) }
            target: { column: "k_vrh", unit: "GPa", transform: log }
            split:  random(train: 70%, validation: 15%, holdout: 15%, seed: 7)
        }

        """

    /// A backbone whose weights are drawn.
    public static let inception = "backbone net { architecture: InceptionV3, weights: none }\n"

    /// What examples that begin with nothing of their own rest on.
    public static let crystals = dataset + """
        model net {
            input plane: [12, 12, 1]
            plane >> conv(4, kernel: 3, activation: relu) >> globalAveragePool >> dense(1)
        }
        experiment bulk { data: crystals, model: net, loss: mse, seed: 1, epochs: 20 }

        """
}

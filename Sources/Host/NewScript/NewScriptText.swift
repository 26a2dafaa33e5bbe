import Language

extension NewScript {
    /// The source of a script for a table.
    static func source(
        name: String, table: String, rows: Int, id: String, _ target: TargetChoice, _ input: NewInput, _ remarks: [String]
    ) -> String {
        let unit = target.column.unit.map { ", unit: \(quoted($0))" } ?? ""
        let transform = target.isLogarithmic ? ", transform: log" : ""
        let dropped = (target.hasMissing ? "    missing: drop\n" : "") + (input.absent > 0 ? "    absent:  drop\n" : "")
        return """
            # %% [markdown]
            # # \(name)
            # \(rows) rows of \(table). Written by `ecdx new`, which chose:
            \(remarks.map { "# - \($0)" }.joined(separator: "\n"))

            # %% Data
            dataset samples {
                rows:   csv(\(quoted(table)))
                id:     \(quoted(id))
                inputs: { \(input.name): \(input.expression) }
                target: { column: \(quoted(target.column.name))\(unit)\(transform), scale: standard }
                split:  random(train: 70%, validation: 15%, holdout: 15%, seed: 1)
            \(dropped)}
            show samples

            # %% Model: small, as a table of this length can teach it little
            model network {
                input \(input.name): [\(input.shape.map(String.init).joined(separator: ", "))]
                \(layers(input))
            }

            # %% Training: until the validation loss no longer improves; the best epoch counts
            experiment first_try {
                data: samples, model: network, loss: mse, seed: 1
                optimizer: adam(rate: 1e-3)
                batch: 8, epochs: 200
                stop: early(on: validation.loss, patience: 30)
                keep: best(on: validation.loss)
            }

            # %% Results, beside the mean and a ridge: a network that is not better has learned nothing
            table metrics(first_try, baselines: [mean, ridge(\(input.features))]) to "out/\(name)-metrics.csv"
            plot parity(first_try) to "out/\(name)-parity.svg"
            plot curves(first_try) to "out/\(name)-curves.svg"

            """
    }

    private static func layers(_ input: NewInput) -> String {
        guard input.shape.count == 3 else { return "\(input.name) >> dense(16, activation: relu) >> dense(1)" }
        // As many poolings as the shorter side allows.
        let side = input.shape.prefix(2).min() ?? 1
        var layers = ["conv(8, kernel: 3, padding: same, activation: relu)"]
        if side >= 4 { layers += ["maxPool(2)", "conv(16, kernel: 3, padding: same, activation: relu)"] }
        if side >= 16 { layers += ["maxPool(2)", "conv(32, kernel: 3, padding: same, activation: relu)"] }
        layers += ["globalAveragePool", "dense(16, activation: relu)", "dense(1)"]
        return input.name + " >> " + layers.joined(separator: " >> ")
    }

    /// The source of a script that needs no data.
    static let template = """
        # %% [markdown]
        # # A first script
        # Cells begin with `# %%`. `ecdx check` looks for mistakes, `ecdx run` computes what is missing.

        # %% Numbers: a curve and its mean
        let x = tensor(0..60) / 10
        let y = exp(-x) * x^2
        show mean(y)
        plot line(x: x, y: y, xlabel: "x", ylabel: "x^2 exp(-x)") to "out/curve.svg"

        # %% What a model needs: put the marks away and name your table, its columns and your files
        # dataset samples {
        #     rows:   csv("table.csv")
        #     id:     "name"
        #     inputs: { columns: columnStack([row["a"], row["b"]]) |> standardize }
        #     target: { column: "y", unit: "GPa", scale: standard }
        #     split:  random(train: 70%, validation: 15%, holdout: 15%, seed: 1)
        # }
        # model network {
        #     input columns: [2]
        #     columns >> dense(16, activation: relu) >> dense(1)
        # }
        # experiment first_try { data: samples, model: network, loss: mse, seed: 1 }
        # table metrics(first_try, baselines: [mean, ridge(inputs)]) to "out/metrics.csv"
        # plot parity(first_try) to "out/parity.svg"

        """
}

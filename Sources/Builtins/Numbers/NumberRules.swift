import Language

/// Whole numbers, negative ones too.
let integerRule: NumberRule = {
    var rule = NumberRule()
    rule.integer = true
    return rule
}()

/// A tensor of any shape and unit.
let anyTensor: ValueType = .tensor(TensorType(shape: nil, unit: nil))

/// A tensor or a density.
let anyField: ValueType = .either([.sort("density"), anyTensor])

import Language

/// The rule for whole numbers, negative ones too.
let integerRule: NumberRule = {
    var rule = NumberRule()
    rule.integer = true
    return rule
}()

/// The type of a tensor of any shape and unit.
let anyTensor: ValueType = .tensor(TensorType(shape: nil, unit: nil))

/// The type of a tensor or a density.
let anyField: ValueType = .either([anyDensity, anyTensor])

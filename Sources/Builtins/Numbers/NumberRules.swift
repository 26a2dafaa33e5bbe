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

/// The type of a number, a list of numbers, a tensor or a density.
let anyNumbers: ValueType = .either([.number(.any), .list(.number(.any), count: nil), anyDensity, anyTensor])

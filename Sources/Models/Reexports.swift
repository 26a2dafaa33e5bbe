import Engine

/// The store of parameters, which the engine reads and writes and models fill.
public typealias ParameterStore = Engine.ParameterStore

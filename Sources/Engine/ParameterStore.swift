import Tensors

/// Named tensors in a fixed order: the parameters of a graph, or the state of an optimizer, in Keras's layouts
/// (convolution kernels height, width, in, out; dense kernels in, out).
public struct ParameterStore: Sendable, Equatable {
    /// Names in the order in which they were first set.
    public private(set) var names: [String] = []
    private var tensors: [String: Tensor] = [:]

    /// An empty store.
    public init() {}

    /// The tensor of a name. Setting a new name appends it; setting nil removes the name.
    public subscript(name: String) -> Tensor? {
        get { tensors[name] }
        set {
            if let newValue {
                if tensors.updateValue(newValue, forKey: name) == nil { names.append(name) }
            } else if tensors.removeValue(forKey: name) != nil {
                names.removeAll { $0 == name }
            }
        }
    }
}

/// A tensor that is read when it is wanted, from a program that may have gone on since.
public struct PendingTensor {
    public let name: String
    public let shape: Shape
    public let read: () throws -> Tensor

    public init(_ name: String, _ shape: Shape, read: @escaping () throws -> Tensor) {
        self.name = name
        self.shape = shape
        self.read = read
    }
}

extension ParameterStore {
    /// Reads them all.
    public init(_ pending: [PendingTensor]) throws {
        self.init()
        for tensor in pending { self[tensor.name] = try tensor.read() }
    }

    /// The tensors that are there.
    public var pending: [PendingTensor] {
        names.compactMap { name in self[name].map { tensor in PendingTensor(name, tensor.shape) { tensor } } }
    }
}

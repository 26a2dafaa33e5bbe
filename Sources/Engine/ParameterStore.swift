import Tensors

/// Named tensors in a fixed order: the parameters of a graph, or the state of an optimizer, in Keras's layouts
/// (convolution kernels height, width, in, out; dense kernels in, out).
public struct ParameterStore: Sendable, Equatable {
    /// Names of the tensors, in the order in which they were first set.
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

/// A tensor that is read lazily, when it is wanted, from a program that may have gone on since.
public struct PendingTensor {
    /// Name of the tensor.
    public let name: String
    /// Shape of the tensor, known before it is read.
    public let shape: Shape
    /// Reads the tensor.
    public let read: () throws -> Tensor

    /// Makes a pending tensor of that name and shape.
    public init(_ name: String, _ shape: Shape, read: @escaping () throws -> Tensor) {
        self.name = name
        self.shape = shape
        self.read = read
    }
}

extension ParameterStore {
    /// Reads all pending tensors into a new store.
    public init(_ pending: [PendingTensor]) throws {
        self.init()
        for tensor in pending { self[tensor.name] = try tensor.read() }
    }

    /// The store's tensors as pending ones.
    public var pending: [PendingTensor] {
        names.compactMap { name in self[name].map { tensor in PendingTensor(name, tensor.shape) { tensor } } }
    }
}

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

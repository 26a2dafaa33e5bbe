import Builtins
import Language
import Plotting
import Storage

/// The options of a session: how a script is to be run.
public struct SessionOptions: Sendable {
    /// The store's folder; nil is `ECDX_STORE`, or `.ecdx` beside the script.
    public var store: String?
    /// Folders outside the script's that may be written to.
    public var allowWrite: [String] = []
    /// Whether files may be overwritten that ecdx did not write.
    public var force = false
    /// Whether big files are read again, instead of trusting remembered hashes.
    public var verify = false
    /// Bytes of memory that data, trainings and figures may take; nil is what the machine has.
    public var memory: Int?
    /// Whether this is a smoke run, which shows that a script runs through: one epoch, a few rows, a store and outputs of its
    /// own.
    public var smoke = false
    /// Whether predictions take inputs as they are given, though they were prepared in another way than those a model was
    /// trained on.
    public var asGiven = false
    /// Values given on the command line for parameters and fields.
    public var overrides: [Override] = []
    /// Whether somebody asked to stop while a script is checked.
    public var isStopped: @Sendable () -> Bool = { Interrupt.requested != nil }
    /// Program that draws figures.
    public var gnuplot = Gnuplot(isStopped: { Interrupt.requested != nil })
    /// Shows a figure that is not written to a file; nil prints it in characters.
    public var showFigure: (@Sendable (Figure) throws -> Void)?
    /// Takes the figures that are not written to a file, as SVG from the cache where nothing they rest on has changed; nil shows them.
    public var keepFigure: (@Sendable ([UInt8]) throws -> Void)?
    /// The words of the language.
    public var library = catalogue
    /// The folder of the library written in the language itself.
    public var standardLibrary = Installation.standardLibrary
    /// Creates the options of an ordinary run.
    public init() {}
}

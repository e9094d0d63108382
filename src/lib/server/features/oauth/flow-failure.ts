/** The flow can't be finished here: it is over, or was started elsewhere or for another purpose. */
export class FlowFailure extends Error {
	override readonly name = 'FlowFailure';
}

/** A flow that whoever has come back cannot finish: it is over, or was begun elsewhere or for something else. */
export class FlowFailure extends Error {
	override readonly name = 'FlowFailure';
}

/** Bytes of a file to overwrite, from `start` up to but not including `end`: with zeros, or with `bytes`. */
export interface Patch {
	readonly start: number;
	readonly end: number;
	readonly bytes?: Buffer;
}

/** Reads so many bytes of a file at an offset; fewer at its end. */
export type ReadAt = (offset: number, length: number) => Promise<Buffer>;

interface Box {
	readonly type: string;
	/** Where the box begins. */
	readonly start: number;
	/** Where its content begins. */
	readonly content: number;
	readonly end: number;
}

/** The file isn't one that this can be sure about. */
class Unsure extends Error {}

const mostBoxes = 10_000;
/** A table of samples; an hour of video has less. */
const mostTableBytes = 16 * 1024 * 1024;

/** What a player needs, by the box that contains it. All other boxes are overwritten. */
const needed: Readonly<Record<string, readonly string[]>> = {
	'': ['ftyp', 'moov', 'mdat'],
	moov: ['mvhd', 'trak'],
	trak: ['tkhd', 'edts', 'tref', 'mdia'],
	mdia: ['mdhd', 'hdlr', 'minf']
};
/** Boxes that begin with the times of creation and modification. */
const timed = ['mvhd', 'tkhd', 'mdhd'];
/** Tracks that are played; those of any other kind, such as positions, lose their content. */
const playedTracks = ['vide', 'soun'];

/**
 * Finds what has to be overwritten in an MP4 or QuickTime file so that it no longer says when, where and with what it was
 * taken. Nothing moves, so the rest can be sent as it is. Returns null for any other file, and if it can't be sure.
 */
export async function findVideoMetadata(read: ReadAt, sizeBytes: number): Promise<Patch[] | null> {
	try {
		const finder = new MetadataFinder(read);
		await finder.visit('', 0, sizeBytes);
		return finder.finish();
	} catch (error) {
		if (error instanceof Unsure) return null;
		throw error;
	}
}

class MetadataFinder {
	readonly #read: ReadAt;
	readonly #patches: Patch[] = [];
	#boxes = 0;
	readonly #seen = new Set<string>();

	constructor(read: ReadAt) {
		this.#read = read;
	}

	/** Looks at the boxes within a box. */
	async visit(parent: string, start: number, end: number): Promise<void> {
		for (const box of await this.#list(start, end)) {
			this.#seen.add(box.type);
			if (box.type === 'moof' || box.type === 'mvex') throw new Unsure('Fragments');
			if (!needed[parent]?.includes(box.type)) this.#erase(box);
			else if (timed.includes(box.type)) await this.#eraseTimes(box);
			else if (box.type === 'hdlr') this.#patches.push({ start: box.content + 24, end: box.end });
			else if (box.type === 'trak') await this.#visitTrack(box);
			else if (box.type in needed) await this.visit(box.type, box.content, box.end);
		}
	}

	/** @throws {Error} if it was no such file */
	finish(): Patch[] {
		if (!['ftyp', 'moov', 'mdat'].every((type) => this.#seen.has(type))) throw new Unsure('No movie');
		return this.#patches.filter(({ start, end }) => start < end).toSorted((one, other) => one.start - other.start);
	}

	async #visitTrack(track: Box): Promise<void> {
		await this.visit('trak', track.content, track.end);
		const media = await this.#find(track, 'mdia');
		const handler = await this.#find(media, 'hdlr');
		const kind = (await this.#readExactly(handler.content + 8, 4)).toString('latin1');
		if (!playedTracks.includes(kind))
			await this.#eraseSamples(await this.#find(await this.#find(media, 'minf'), 'stbl'));
	}

	#erase({ start, content, end }: Box): void {
		this.#patches.push({ start: start + 4, end: start + 8, bytes: Buffer.from('free') }, { start: content, end });
	}

	async #eraseTimes({ content }: Box): Promise<void> {
		const [version = 0] = await this.#readExactly(content, 1);
		this.#patches.push({ start: content + 4, end: content + (version === 1 ? 20 : 12) });
	}

	/** Overwrites all samples of a track, which are anywhere in the file. */
	async #eraseSamples(table: Box): Promise<void> {
		const boxes = await this.#list(table.content, table.end);
		const sizes = readSizes(await this.#readTable(boxes, 'stsz'));
		const runs = readRuns(await this.#readTable(boxes, 'stsc'));
		const wide = boxes.some(({ type }) => type === 'co64');
		const offsets = readOffsets(await this.#readTable(boxes, wide ? 'co64' : 'stco'), wide);
		let sample = 0;
		let run = -1;
		for (const [chunk, offset] of offsets.entries()) {
			while ((runs[run + 1]?.firstChunk ?? Infinity) <= chunk + 1) run++;
			let length = 0;
			const last = sample + (runs[run]?.samples ?? 0);
			for (; sample < last; sample++) length += sizes(sample);
			this.#patches.push({ start: offset, end: offset + length });
		}
	}

	async #readTable(boxes: readonly Box[], type: string): Promise<Buffer> {
		const box = boxes.find((each) => each.type === type);
		if (!box || box.end - box.content > mostTableBytes) throw new Unsure('No table of samples');
		return this.#readExactly(box.content, box.end - box.content);
	}

	async #find({ content, end }: Box, type: string): Promise<Box> {
		const found = (await this.#list(content, end)).find((box) => box.type === type);
		if (!found) throw new Unsure(`No ${type}`);
		return found;
	}

	async #list(start: number, end: number): Promise<Box[]> {
		const boxes: Box[] = [];
		for (let at = start; at < end;) {
			if (++this.#boxes > mostBoxes) throw new Unsure('Too many boxes');
			const header = await this.#readExactly(at, 8);
			const type = header.toString('latin1', 4, 8);
			const short = header.readUInt32BE(0);
			const size = short === 1 ? Number((await this.#readExactly(at + 8, 8)).readBigUInt64BE()) : short || end - at;
			const content = at + (short === 1 ? 16 : 8);
			if (at + size > end || content > at + size) throw new Unsure('A box that is too long');
			boxes.push({ type, start: at, content, end: at + size });
			at += size;
		}
		return boxes;
	}

	async #readExactly(offset: number, length: number): Promise<Buffer> {
		const bytes = await this.#read(offset, length);
		if (bytes.byteLength < length) throw new Unsure('Cut off');
		return bytes;
	}
}

const readCount = (table: Buffer, at: number, entryBytes: number): number => {
	if (table.byteLength < at + 4) throw new Unsure('Cut off');
	const count = table.readUInt32BE(at);
	if (table.byteLength < at + 4 + count * entryBytes) throw new Unsure('Cut off');
	return count;
};

/** Returns the size of each sample by its number. */
function readSizes(table: Buffer): (sample: number) => number {
	if (table.byteLength < 12) throw new Unsure('Cut off');
	const same = table.readUInt32BE(4);
	const count = same > 0 ? table.readUInt32BE(8) : readCount(table, 8, 4);
	if (count > mostTableBytes / 4) throw new Unsure('Too many samples');
	return (sample) => {
		if (sample >= count) throw new Unsure('Too few samples');
		return same || table.readUInt32BE(12 + 4 * sample);
	};
}

/** Reads how many samples the chunks have, from a first one on. */
const readRuns = (table: Buffer): { readonly firstChunk: number; readonly samples: number }[] =>
	Array.from({ length: readCount(table, 4, 12) }, (_, index) => ({
		firstChunk: table.readUInt32BE(8 + 12 * index),
		samples: table.readUInt32BE(12 + 12 * index)
	}));

/** Reads where the chunks are. */
const readOffsets = (table: Buffer, isWide: boolean): number[] =>
	Array.from({ length: readCount(table, 4, isWide ? 8 : 4) }, (_, index) =>
		isWide ? Number(table.readBigUInt64BE(8 + 8 * index)) : table.readUInt32BE(8 + 4 * index)
	);

/** Returns what overwrites the parts of a file that begins at `position`, piece by piece. */
export function applyPatches(patches: readonly Patch[], position: number): TransformStream<Uint8Array, Uint8Array> {
	let at = position;
	return new TransformStream({
		transform(piece, controller) {
			const copy = Buffer.from(piece);
			for (const { start, end, bytes } of patches) {
				const [from, to] = [Math.max(start, at), Math.min(end, at + copy.byteLength)];
				if (from >= to) continue;
				if (bytes) bytes.copy(copy, from - at, from - start, to - start);
				else copy.fill(0, from - at, to - at);
			}
			at += copy.byteLength;
			controller.enqueue(copy);
		}
	});
}

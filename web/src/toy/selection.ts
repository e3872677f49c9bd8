// What the reader looks at: the cell under the two sliders, and the one input that is followed through it. Kept in the
// address (#dz=3&w=0.1) so that a view can be passed on.
import type { Run, Place } from "./run";

type Listener = () => void;

export class Selection {
  private at: Place;
  /** Index into the evaluation grid. */
  private followed: number;
  private readonly cellListeners: Listener[] = [];
  private readonly inputListeners: Listener[] = [];

  constructor(
    private readonly run: Run,
    start: Place,
    followed: number,
  ) {
    this.at = this.fromAddress() ?? start;
    this.followed = followed;
  }

  get place(): Place {
    return this.at;
  }

  get input(): number {
    return this.followed;
  }

  onCell(listener: Listener): void {
    this.cellListeners.push(listener);
  }

  onInput(listener: Listener): void {
    this.inputListeners.push(listener);
  }

  choose(place: Place): void {
    if (place.i === this.at.i && place.j === this.at.j) return;
    this.at = place;
    for (const listener of this.cellListeners) listener();
    this.toAddress();
  }

  follow(input: number): void {
    if (input === this.followed) return;
    this.followed = input;
    for (const listener of this.inputListeners) listener();
  }

  private fromAddress(): Place | undefined {
    const wanted = new URLSearchParams(location.hash.slice(1));
    const i = this.run.deltaZ.indexOf(Number(wanted.get("dz") ?? NaN));
    const j = this.run.w.indexOf(Number(wanted.get("w") ?? NaN));
    return i >= 0 && j >= 0 ? { i, j } : undefined;
  }

  private toAddress(): void {
    const { i, j } = this.at;
    const address = `#dz=${this.run.deltaZ[i]}&w=${this.run.w[j]}`;
    try {
      history.replaceState(null, "", address);
    } catch {
      // shown inside a frame that owns its address: the view then just cannot be passed on
    }
  }
}

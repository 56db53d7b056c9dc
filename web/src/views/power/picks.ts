// What a card of the view shows stands in the link; what it shows at first does not.
import { session } from '../../model/session'

export function show(card: string, what: string): void {
  const { [card]: _, ...rest } = session.picks
  session.picks = what ? { ...rest, [card]: what } : rest
}

"""Kernel of the energy per km of model years."""

from numba import njit


@njit(nogil=True, cache=True)
def spread_energy(start, floor, before, better, cell, on_fuel, powertrain, fuel, electric):
    """Energy per km of every model year: fuel and electric [c, k, slot, p], zero where a powertrain takes none.

    start, floor [part, c, k] fuel and electric part of model year 0, and what technology can reach; before [slot]
    fuel use of the years before over that of year 0; better [part, y, p] energy of new vehicles over that of year 0
    without a floor; cell [c, y] fuel of fuel cells; on_fuel [c, slot, p] share of a plug-in hybrid's km on fuel;
    powertrain: positions of plug-in hybrid, battery, fuel cell.
    """
    classes, kinds, slots, places = fuel.shape
    first = before.shape[0]
    plug_in, battery, fuel_cell = powertrain
    for c in range(classes):
        for k in range(kinds):
            for slot in range(slots):
                y = max(slot - first, 0)
                for p in range(places):
                    fuel[c, k, slot, p] = 0.0
                    electric[c, k, slot, p] = 0.0
                if k == fuel_cell:
                    for p in range(places):
                        fuel[c, k, slot, p] = cell[c, y]
                elif k != battery:
                    older = before[slot] if slot < first and k != plug_in else 1.0
                    for p in range(places):
                        fuel[c, k, slot, p] = (
                            start[0, c, k] * older
                            if slot < first
                            else max(start[0, c, k] * better[0, y, p], floor[0, c, k])
                        )
                if k in (plug_in, battery):
                    for p in range(places):
                        electric[c, k, slot, p] = (
                            start[1, c, k]
                            if slot < first
                            else max(start[1, c, k] * better[1, y, p], floor[1, c, k])
                        )
                if k == plug_in:
                    for p in range(places):
                        fuel[c, k, slot, p] *= on_fuel[c, slot, p]
                        electric[c, k, slot, p] *= 1.0 - on_fuel[c, slot, p]

"""
One file per Lambda function, thin: each makes its bot once, and calls it.

What a function makes while it initialises stays, so there is no garbage to look for until the bot
is prepared (`bot.wiring.base`). To look for it would take up to a tenth of that time.
"""

import gc

gc.disable()

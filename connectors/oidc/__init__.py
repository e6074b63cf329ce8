"""An OpenID provider: its keys, and what its tokens say. How people sign in there is not our business."""

import { killed } from "./killedSupernet.js";

killed("fbnet", "epochs=3,warm-up=1");

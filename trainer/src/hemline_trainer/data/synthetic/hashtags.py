"""Fictional hashtags for the demo, by category, and their canonical form."""

import unicodedata
from typing import Final

HASHTAGS: Final = {
    "top": "babytee meshtop corsettop poetblouse rugbyshirt halterknit boatneck croptank pufftop vintagejersey "
    "peplumtop sheerlayer milkmaidtop ボーダーシャツ",
    "pants": "wideleg cargopants barreljeans parachutepants lowrise pinstripetrousers utilitypants velvettrousers "
    "flares joggerluxe capripants balloonpants crochetpants quầnốngrộng",
    "shoes": "balletflats chunkyloafer kittenheel retrorunner jellysandal cloudclog maryjanes cowboyboot mulesummer "
    "platformsneaker slimsneaker bootanorak espadrille 厚底靴",
    "outerwear": "bomberdrop quiltedliner barnjacket trenchseason fauxshearling capecoat moppuffer leatherblazer "
    "cropblazer toggledcoat funnelneck gorpshell patchworkcoat wattemantel",
    "texture": "bouclé corduroywave satinsheen crochetlace openknit denimondenim tweedmix fauxsuede ribknit "
    "metallicthread teddyfleece organzalayer rafiatouch listradelinho",
    "skirt": "minikilt satinmidi tennisskirt bubbleskirt maxidenim pencilslit tutuseason wrapsarong cargoskirt "
    "handkerchiefhem pleatdrop laceslip asymmini saiamidi",
    "shorts": "bermudaboom boxershorts cyclingshorts jorts tailoredshorts runningsplit linenshorts cargoshorts "
    "skortlife leathershorts boardshorts micropleat crochetshorts bermudajeans",
    "colortrend": "butteryellow cherryred mochatone digitallavender sagegreen iceblue burntorange powderpink "
    "cobaltpop olivedrab tomatored mintmilk cocoabrown amarelomanteiga",
    "dress": "slipdress shirtdress bubblehem milkmaiddress denimdress cottagemaxi bodycondrop knitmidi linenmaxi "
    "ruchedmini babydolldress poloneckdress áodàimới qipaomodern",
    "bag": "bowlingbag hobosoft eastwestbag buckettote raffiabasket chainpouch crescentbag micropurse slouchtote "
    "suedesaddle beltedbag netbag bolsadepalha 帆布包",
    "accessory": "bowclip skinnyscarf charmnecklace bandanabelt ovalsunglasses chunkybangle pillboxhat silkbonnet "
    "studdedbelt ribbonchoker buckethat pearlanklet tieseason nónlá",
}  # fmt: skip


def hashtags(category: str) -> list[str]:
    """The demo's hashtags of a category, canonical."""
    return [canonical(word) for word in HASHTAGS[category].split()]


def canonical(hashtag: str) -> str:
    """NFKC, lower case, no leading # and no blanks around."""
    return unicodedata.normalize("NFKC", hashtag).lower().strip().lstrip("#").strip()
